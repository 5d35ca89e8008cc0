for serial in 1a2b3c4d 5e6f7a8b; do
    mkdir -p /tftp/$serial
    ln -sf ../start4.elf ../fixup4.dat ../bcm2711-rpi-4-b.dtb ../config.txt ../RPI_EFI.fd \
        /tftp/$serial/
done
