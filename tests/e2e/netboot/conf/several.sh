fwvar patch RPI_EFI.fd --set ram-limit=off --timeout 1 \
    --boot-pxe pi1=dc:a6:32:12:34:56 --boot-pxe pi2=dc:a6:32:ab:cd:ef -o /tftp/RPI_EFI.fd
