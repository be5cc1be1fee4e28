/* What happens to machines. Each counts as one of the TROUBLES. */

inline back_up(unused, unused2) {
    set_vault(image, vault[A]);
    imaged = 1
}

/* Desk A's workstation and second copy are gone. */
inline lose(unused, unused2) {
    troubles++;
    alive = 0;
    behind = 0;
    keyfiles = 1;
    rotten = 0
}

/* A backup becomes a new station; without one a new vault succeeds (maintenance/restoring.py, exchange/restored.py). */
inline restore(unused, unused2) {
    alive = 1;
    behind = 0;
    keyfiles = 1;
    rotten = 0;
    if
    :: imaged ->
        set_vault(vault[A], image);
        vault[A].floor = (image.serial > image.floor -> image.serial : image.floor);
        if
        :: RULE(NEW_STATION) ->
            vault[A].station = stations;
            stations++;
            vault[A].serial = 0;
            vault[A].since = 0;
            vault[A].restored = 1
        :: else
        fi;
        vault[A].anew = 1;
        if
        :: image.live || LATER(today) ->
            vault[A].live = LATER(today);
            vault[A].keys = generations;
            generations++
        :: else -> vault[A].live = 0
        fi;
        sync(A)
    :: else ->
        reset_vault();
        vault[A].station = stations;
        stations++
    fi
}

inline reset_vault() {
    set_vault(vault[A], nothing);
    vault[A].keys = NOKEYS;
    set_vault(copy, vault[A])
}

/* The workstation is gone, and its second copy goes on as the vault, with a new second copy. */
inline promote(unused, unused2) {
    troubles++;
    behind = 0;
    rotten = 0;
    keyfiles = copy.keys == vault[A].keys;       /* else keys were made anew and not copied yet */
    set_vault(vault[A], copy);
    sync(A)
}

/* Somebody starts the files that were kept when the backup was made. */
inline go_back(unused, unused2) {
    troubles++;
    set_vault(vault[A], image);
    behind = 1
}

inline lose_keys(unused, unused2) {
    troubles++;
    keyfiles = 0
}

inline new_keys(unused, unused2) {
    keyfiles = 1;
    vault[A].anew = 1;
    vault[A].live = vault[A].live & LATER(today);
    vault[A].keys = generations;
    generations++
}

inline rot(unused, unused2) {
    troubles++;
    rotten = copy.opened & copy.copied & copy.told
}

/* The second copy is read whole, as the doctor asks each month. */
inline read_copy(unused, unused2) {
    sync(A);
    rotten = (RULE(WHOLE_READ) -> 0 : rotten);
    /* PROMISE: a second copy that was called good is good. */
    assert(!rotten)
}

inline store_restore(unused, unused2) {
    troubles++;
    set_store(store, stored);
    backed = 2
}
