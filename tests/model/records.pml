/* Copies of whole records: Promela assigns no structures. */

inline set_return(to, from) {
    to.there = from.there;
    to.forged = from.forged;
    to.station = from.station;
    to.serial = from.serial;
    to.since = from.since;
    to.number = from.number;
    to.made = from.made;
    to.receipts = from.receipts;
    to.bundle[0] = from.bundle[0]; to.bundle[1] = from.bundle[1];
    to.list = from.list;
    skip
}

inline set_export(to, from) {
    to.there = from.there;
    to.made = from.made;
    to.number = from.number;
    to.held = from.held;
    skip
}

inline set_store(to, from) {
    to.held = from.held;
    to.receipts[0] = from.receipts[0]; to.receipts[1] = from.receipts[1];
    set_return(to.newest[0], from.newest[0]);
    set_return(to.newest[1], from.newest[1]);
    to.keyserial[0] = from.keyserial[0]; to.keyserial[1] = from.keyserial[1];
    to.keyplace[0] = from.keyplace[0]; to.keyplace[1] = from.keyplace[1];
    to.keys[0] = from.keys[0]; to.keys[1] = from.keys[1];
    to.keystation[0] = from.keystation[0]; to.keystation[1] = from.keystation[1];
    for (i_ : 0 .. SERIALS2 - 1) { to.known[i_] = from.known[i_] }
    to.list = from.list;
    to.exports = from.exports;
    skip
}

inline set_vault(to, from) {
    to.opened = from.opened;
    to.other = from.other;
    to.unopened = from.unopened;
    to.withheld = from.withheld;
    to.copied = from.copied;
    to.told = from.told;
    to.live = from.live;
    to.keys = from.keys;
    to.station = from.station;
    to.serial = from.serial;
    to.since = from.since;
    to.list = from.list;
    to.number = from.number;
    to.bundle[0] = from.bundle[0]; to.bundle[1] = from.bundle[1];
    to.bundleserial = from.bundleserial;
    to.day = from.day;
    to.exported = from.exported;
    to.anew = from.anew;
    to.restored = from.restored;
    to.floor = from.floor;
    skip
}
