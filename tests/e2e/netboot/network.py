# SPDX-License-Identifier: BSD-2-Clause-Patent
"""The network of the test: a namespace of its own without a way out, dnsmasq and a small
HTTP server in it. Where a namespace or a TAP device is refused, QEMU's user network with
its built-in DHCP and TFTP servers takes their place."""

import http.server
import json
import os
import subprocess
import sys
import threading
import time

import uci

HERE = os.path.dirname(os.path.abspath(__file__))
CONF = os.path.join(HERE, "conf")
ROUTER = "192.0.2.1"
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
    script = ""

    def do_GET(self):
        if not self.path.startswith("/ipxe?"):
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.script)))
        self.end_headers()
        self.wfile.write(self.script.encode())

    def log_message(self, form, *args):
        self.log.append("%s %s" % (self.command, self.path))


def profile():
    """The profile of the guide as matchbox makes a script of it."""
    with open(os.path.join(CONF, "profile.json"), encoding="utf-8") as f:
        boot = json.load(f)["boot"]
    lines = ["kernel %s %s" % (boot["kernel"], " ".join(boot["args"]))]
    return lines + ["initrd " + initrd for initrd in boot["initrd"]] + ["boot"]


class Servers:
    """dnsmasq on the TAP device and HTTP, for one test. `folder` has what the guide puts
    into /tftp; the HTTP servers of router (port 80) and matchbox (8080) serve it too.
    `lines` is said by the script before it does what the profile says."""

    def __init__(self, mode, folder, conf="dnsmasq.conf", lines=()):
        self.mode = mode
        self.folder = folder
        self.conf = conf
        self.dnsmasq = None
        Handler.log = self.requests = []
        script = ["#!ipxe", "echo %s ${net0/mac}" % MESSAGE, *lines]
        script += profile() if mode == "namespace" else ["sleep 60"]
        Handler.script = "\n".join(script) + "\n"
        ports = ((ROUTER, 8080), (ROUTER, 80)) if mode == "namespace" else (("127.0.0.1", 0),)
        self.http = [http.server.ThreadingHTTPServer(
            address, lambda *a: Handler(*a, directory=folder)) for address in ports]
        self.port = self.http[0].server_address[1]
        for server in self.http:
            threading.Thread(target=server.serve_forever, daemon=True).start()

    def configuration(self):
        """What the guide prints, but for the place of /tftp."""
        with open(os.path.join(CONF, self.conf), encoding="utf-8") as f:
            text = f.read()
        if not self.conf.endswith(".conf"):
            text = uci.dnsmasq_conf(text)
        path = self.folder + ".conf"
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace("=/tftp", "=" + self.folder))
        return path

    def __enter__(self):
        if self.mode == "namespace":
            self.output = open(self.folder + ".log", "w+b")
            self.dnsmasq = subprocess.Popen(
                ["dnsmasq", "--keep-in-foreground", "--no-resolv", "--no-hosts",
                 "--no-ping",  # nobody else has an address here; it would wait three seconds
                 "--conf-file=" + self.configuration(), "--user=root",
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
        for server in self.http:
            server.shutdown()
            server.server_close()
        if self.dnsmasq:
            self.dnsmasq.terminate()
            self.dnsmasq.wait()
            self.output.close()

    def base(self):
        """matchbox's address as the machine sees it."""
        return "http://%s:%d" % (ROUTER if self.mode == "namespace" else "10.0.2.2", self.port)

    def log(self):
        if self.mode != "namespace":
            return ""
        self.output.flush()
        with open(self.output.name, "rb") as f:
            return f.read().decode("utf-8", "replace")

    def qemu(self, bootfile, mac):
        """QEMU's arguments for the network card. The user network knows no user classes:
        it gives `bootfile` to whoever asks."""
        if self.mode == "namespace":
            netdev = "tap,id=n,ifname=%s,script=no,downscript=no" % TAP
        else:
            netdev = "user,id=n,tftp=%s,bootfile=%s" % (self.folder, bootfile)
        return ["-netdev", netdev, "-device",
                "virtio-net-pci,netdev=n,mac=%s,addr=2,romfile=" % mac]
