# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The network of the test: a namespace of its own without a way out, dnsmasq and a small
HTTP server in it. Where a namespace or a TAP device is refused, QEMU's user network with
its built-in DHCP and TFTP servers takes their place."""

import http.server
import os
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
MAC = "52:54:00:5e:53:01"
TAP = "fwvar0"
MESSAGE = "fwvar-netboot: the script runs on"


def enter():
    """Runs this program again inside a namespace with a TAP device, if the machine lets
    it. Returns "namespace" there, or else "user" with the reason."""
    inside = os.environ.get("FWVAR_E2E_NETWORK")
    if inside:
        return inside, os.environ.get("FWVAR_E2E_WHY", "as asked for")
    setup = ("ip link set lo up && ip tuntap add dev %s mode tap && "
             "ip address add 192.0.2.1/24 dev %s && ip link set %s up" % (TAP, TAP, TAP))
    for options in ([], ["--map-root-user"]):
        unshare = ["unshare", "--net"] + options + ["sh", "-c"]
        try:
            trial = subprocess.run(unshare + [setup], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE)
        except FileNotFoundError:
            return "user", "no unshare command"
        if trial.returncode == 0:
            os.environ["FWVAR_E2E_NETWORK"] = "namespace"
            os.execvp("unshare", unshare + [setup + ' && exec "$@"', "sh", sys.executable]
                      + sys.argv)
    return "user", trial.stderr.decode("utf-8", "replace").strip()[-200:]


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the folder, and like matchbox a profile under /ipxe; keeps the requests."""

    log = []

    def do_GET(self):
        if not self.path.startswith("/ipxe?"):
            return super().do_GET()
        script = "#!ipxe\necho %s ${net0/mac}\nsleep 60\n" % MESSAGE
        self.send_response(200)
        self.send_header("Content-Length", str(len(script)))
        self.end_headers()
        self.wfile.write(script.encode())

    def log_message(self, form, *args):
        self.log.append("%s %s" % (self.command, self.path))


class Servers:
    """dnsmasq on the TAP device and HTTP, for one test, serving this folder."""

    def __init__(self, mode, folder):
        self.mode = mode
        self.folder = folder
        self.dnsmasq = None
        Handler.log = self.requests = []
        address = ("192.0.2.1", 8080) if mode == "namespace" else ("127.0.0.1", 0)
        self.http = http.server.ThreadingHTTPServer(
            address, lambda *a: Handler(*a, directory=folder))
        self.port = self.http.server_address[1]
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def __enter__(self):
        if self.mode == "namespace":
            self.output = open(self.folder + ".log", "w+b")
            conf = self.folder + ".conf"
            with open(os.path.join(HERE, "dnsmasq.conf"), encoding="utf-8") as f:
                text = f.read().replace("/srv/tftp", self.folder)
            with open(conf, "w", encoding="utf-8") as f:
                f.write(text)
            self.dnsmasq = subprocess.Popen(
                ["dnsmasq", "--keep-in-foreground", "--port=0", "--no-resolv", "--no-hosts",
                 "--conf-file=" + conf, "--user=root",
                 "--interface=" + TAP, "--bind-interfaces", "--pid-file",
                 "--dhcp-leasefile=" + self.folder + ".leases", "--log-facility=-"],
                stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.output)
            time.sleep(0.5)
            if self.dnsmasq.poll() is not None:
                log = self.log()
                self.__exit__()
                raise RuntimeError("dnsmasq: " + log)
        return self

    def __exit__(self, *_):
        self.http.shutdown()
        self.http.server_close()
        if self.dnsmasq:
            self.dnsmasq.terminate()
            self.dnsmasq.wait()
            self.output.close()

    def base(self):
        """The HTTP server's address as the machine sees it."""
        host = "192.0.2.1" if self.mode == "namespace" else "10.0.2.2"
        return "http://%s:%d" % (host, self.port)

    def log(self):
        self.output.flush()
        with open(self.output.name, "rb") as f:
            return f.read().decode("utf-8", "replace")

    def qemu(self, bootfile):
        """QEMU's arguments for the network card. The user network knows no user classes:
        it gives `bootfile` to whoever asks."""
        if self.mode == "namespace":
            netdev = "tap,id=n,ifname=%s,script=no,downscript=no" % TAP
        else:
            netdev = "user,id=n,tftp=%s,bootfile=%s" % (self.folder, bootfile)
        return ["-netdev", netdev, "-device",
                "virtio-net-pci,netdev=n,mac=%s,addr=2,romfile=" % MAC]
