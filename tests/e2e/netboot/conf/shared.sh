fwvar patch RPI_EFI.fd --set ram-limit=off --timeout 1 \
    --boot-http iPXE=http://192.0.2.1/ipxe-arm64.efi -o /tftp/RPI_EFI.fd
fwvar check /tftp/RPI_EFI.fd
fwvar boot /tftp/RPI_EFI.fd
