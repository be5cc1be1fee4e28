"""Root, workstation and server of one inspectorate, installed from packages alone and used as their guides say.

Rule: the tests play one story, in their order. What a guide shows is typed as it stands there.
"""

import json
import re

import pytest

from tests.roots.inspectorate import OFFICER, Inspectorate, look, put_in_front

EXPOSURE_MAX = 1.5
SERVICES = ("dropbox-site", "dropbox-sweep", "dropbox-status", "dropbox-gate", "dropbox-courier", "dropbox-notice")
# What an administrator writes into the settings in the first days.
CONTACT = 'number = "129"\nsource = "called"\ndate = "{today}"\n'


def test_each_machine_runs_its_own_program(installed: Inspectorate) -> None:
    """The command answers on each machine with the program of its package."""
    for letter, role in {"R": "root", "W": "workstation", "S": "server"}.items():
        said = installed.machines[letter].run("dropbox --help; head -1 $(command -v dropbox)")
        assert f"/usr/lib/dropbox-itjen-{role}/bin/python -I" in said


def test_the_first_page_is_there_after_the_ceremony(running: Inspectorate) -> None:
    """The site answers on the server's loopback once the guide's lines were typed."""
    assert running.first_page().startswith("200 ")


def test_a_report_comes_to_the_desk_and_its_answer_back(running: Inspectorate) -> None:
    """What a browser sent is exported, taken in, published and imported by the packages' commands."""
    assert "TERKIRIM" in running.report("Setoran setiap bulan.")
    said = running.play(
        [
            "S   dropbox courier export stick/export-1",
            "W   dropbox triage import stick/export-1 --vault vault-itjen",
            "W   dropbox triage publish stick/return-itjen-2 --vault vault-itjen",
            "S   dropbox courier import stick/return-itjen-2",
        ]
    )
    assert ": 1 blobs" in said
    assert "Setoran" in running.machines["W"].run(
        "dropbox triage list --vault vault-itjen --json", folder="/home/petugas", user="petugas"
    )


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_reaches_little_on_this_debian(running: Inspectorate, name: str) -> None:
    """The systemd of this release gives each service no worse a figure than the guide says."""
    said = running.machines["S"].run(f"systemd-analyze security --no-pager {name}.service | tail -2", code=None)
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
    assert found, said
    print(name, found[1])
    assert float(found[1]) <= EXPOSURE_MAX


def test_the_server_writes_no_memory_to_a_disk(running: Inspectorate) -> None:
    """The running site has a core limit of one byte and no swap, as systemd and the kernel say."""
    said = running.machines["S"].run(
        "systemctl show dropbox-site -p MemorySwapMax -p LimitCORE;"
        " grep core /proc/$(systemctl show dropbox-site -p MainPID --value)/limits"
    )
    assert "MemorySwapMax=0\n" in said
    assert re.search(r"Max core file size +[01] +[01] ", said)


def test_the_timers_are_on_and_tidying_runs_under_its_unit(running: Inspectorate) -> None:
    """Both timers wait for their hour, and the service of one ends well when it is started by hand."""
    server = running.machines["S"]
    assert server.run("systemctl is-active dropbox-sweep.timer dropbox-status.timer").split() == ["active", "active"]
    server.run("systemctl start dropbox-sweep")
    assert server.run("systemctl show dropbox-sweep -p Result -p ExecMainStatus --value").split() == ["success", "0"]


def test_tor_and_nginx_take_the_packages_lines(running: Inspectorate) -> None:
    """The real programs read the snippets, and Tor makes the address of the site from them."""
    assert put_in_front(running).endswith(".onion")


def test_a_server_that_is_well_says_so_each_morning(running: Inspectorate) -> None:
    """With help numbers, address and an export the packaged look ends with 0; its metrics name what it left out."""
    server = running.machines["S"]
    names = server.run("grep -o '^\\[contacts\\.[a-z]*\\]' /usr/share/doc/dropbox-itjen-server/settings.toml").split()
    contacts = "".join(f"{name}\n{CONTACT}" for name in names).replace("{today}", server.run("date +%F").strip())
    server.run(f"cat >> /etc/dropbox/dropbox.toml <<'END'\n\n{contacts}END\nsystemctl restart dropbox-site")
    running.play(
        [
            "W   dropbox triage publish stick/return-irjen-3 --vault vault-irjen",
            "S   dropbox courier import stick/return-irjen-3",
        ]
    )
    said = look(running)
    assert "ExecMainStatus=0\n" in said, said
    assert "dilewati dengan --without: clock, homes, tls, onion\n" in said
    assert 'dropbox_left_out{part="homes"} 1' in server.run("cat /var/lib/dropbox-status/dropbox.prom")


def test_a_monitor_sees_the_change(running: Inspectorate) -> None:
    """A planted fault turns the unit's result, and the metrics, from well to an alarm."""
    server = running.machines["S"]
    try:
        server.run("chmod 644 /etc/dropbox/dropbox.toml; systemctl start dropbox-status", code=None)
        said = server.run("systemctl show dropbox-status -p ExecMainStatus; cat /var/lib/dropbox-status/dropbox.prom")
    finally:
        server.run("chmod 640 /etc/dropbox/dropbox.toml; systemctl start dropbox-status")
    assert "ExecMainStatus=4" in said
    assert 'dropbox_finding{code="open-folders",severity="alarm"} 1' in said


def test_the_workstation_opens_its_pages_and_looks_into_files(installed: Inspectorate) -> None:
    """Firefox opens the desk's link; an officer sees pictures from the sandbox, and Typst writes the register."""
    station = installed.machines["W"]
    # The sandbox forbids further user namespaces inside of it; systemd-nspawn shows that switch read-only.
    station.run("mount -o remount,bind,rw /proc/sys")
    as_officer = {"folder": f"/home/{OFFICER}", "user": OFFICER}
    station.run("dropbox triage practice latihan", **as_officer)
    station.run(
        "dropbox triage serve --vault latihan/vault --config latihan/dropbox.toml --port 8100 > desk.log 2>&1 &"
        " until grep -q /mulai/ desk.log; do sleep 0.2; done",
        **as_officer,
    )
    link = re.findall(r"http://\S+/mulai/\S+", station.run("cat desk.log", **as_officer))[0]
    home = link.partition("/mulai/")[0]
    # Firefox's own first start has hung once on a busy machine, before it asked for anything.
    take = f"timeout 300 firefox-esr --headless --screenshot /home/{OFFICER}/desk.png {home}/"
    station.run(f"{take} || {take}", **as_officer)
    assert station.run("head -c 4 desk.png | tail -c 3", **as_officer) == "PNG"
    done = station.outside("tests.roots.desk", link, "laksmi", "latihan saja, bukan rahasia")
    print(done)
    seen = json.loads(done)
    assert len(seen["drawn"]) >= 2  # recordings have no pages
    assert "%PDF" in station.run("head -c 4 ekspor/register-*.pdf", **as_officer)


def test_no_process_of_the_workstation_has_a_network(installed: Inspectorate) -> None:
    """The machine that opens reports sees no interface but its own loopback."""
    said = installed.machines["W"].run("ls /sys/class/net; cat /proc/net/route | wc -l")
    assert said.split() == ["lo", "1"]
