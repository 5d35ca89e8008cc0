for serial in 1a2b3c4d 5e6f7a8b; do
    mkdir -p /tftp/$serial
    ln -sfn ../start4.elf ../fixup4.dat ../bcm2711-rpi-4-b.dtb ../overlays ../config.txt \
        ../RPI_EFI.fd /tftp/$serial/
done
