"""All fuzz targets of Python, imported without instruments."""

from tests.fuzz import desk_targets, opened_targets, sealed_targets, web_targets, wire_targets
from tests.fuzz.modules import Target, named

BY_MODULE: dict[str, dict[str, Target]] = {
    "wire_targets": named(wire_targets.TARGETS),
    "sealed_targets": named(sealed_targets.TARGETS),
    "opened_targets": named(opened_targets.TARGETS),
    "web_targets": named(web_targets.TARGETS),
    "desk_targets": named(desk_targets.TARGETS),
}
TARGETS: dict[str, Target] = {name: one for table in BY_MODULE.values() for name, one in table.items()}
