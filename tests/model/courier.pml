/* The courier: carries what was made, also old files, in any order and more than once. */

inline export(unused, unused2) {
    set_export(drawer, drive);
    store.exports++;
    exports++;
    drive.there = 1;
    drive.made = WEEK(today);
    drive.number = store.exports;
    drive.held = store.held
}

inline take(d, k) {
    if
    :: k == 0 -> accept(d, newest[d])
    :: k == 1 -> accept(d, older[d])
    fi
}

inline round(d, unused) {
    take_in_from(d, drive, WHOLE);
    publish(d, WHOLE);
    accept(d, newest[d])
}

inline take_list(unused, unused2) {
    store.list = 1
}

/* Time goes on, and the server makes a backup when its administrator wants. */
inline advance(unused, unused2) {
    today++
}

inline store_backup(unused, unused2) {
    set_store(stored, store);
    backed = 1
}
