fwvar patch RPI_EFI.fd --set ram-limit=off --timeout 1 \
    --boot-pxe iPXE=dc:a6:32:12:34:56 -o /tftp/1a2b3c4d/RPI_EFI.fd
