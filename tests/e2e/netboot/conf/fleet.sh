fwvar fleet hosts.json RPI_EFI.fd -o /tftp
