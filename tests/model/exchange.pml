/* The exchange between reporters, server, courier and two desks, with its accidents and a thief (see README.md).
 *
 * Rule: each action is one step that a kill leaves whole or undone, as in the code; what may be killed in between is two
 * actions. Every action has a name and arguments that the replay (replay.py) plays on the real code.
 *
 * Bounds: REPORTS reports, WEEKS places of time, TROUBLES accidents, EXPORTS exports, RETURNS returns of each desk.
 * WITHOUT takes one rule out (steps.pml).
 */

#ifndef REPORTS
#define REPORTS 2
#endif
#ifndef EPOCHS
#define EPOCHS 1
#endif
#ifndef WEEKS
#define WEEKS 4
#endif
#ifndef TROUBLES
#define TROUBLES 2
#endif
#ifndef EXPORTS
#define EXPORTS 2
#endif
#ifndef RETURNS
#define RETURNS 2
#endif
#define SERIALS 3
#define SERIALS2 8     /* 2 * (SERIALS + 1) */
#define THIEFKEYS 14

/* The weeks at which time stops: between two of them no rule changes its answer. */
#define WEEK(t) ((t) < 3 -> ((t) == 2 -> 3 : (t)) : ((t) == 3 && EPOCHS == 2 -> 4 : 16))

#include "state.pml"
#include "records.pml"
#include "steps.pml"
#include "store.pml"
#include "vault.pml"
#include "courier.pml"
#include "accidents.pml"
#include "thief.pml"

/* Kinds of accidents; a run with several kinds has many more states. */
#define LOSS    1
#define KEYS    2
#define SERVER  4
#define THEFT   8
#define MAY(kind) (troubles < most_troubles && (kinds & (kind)))

#define CAN_SEAL(r, d) (report[r].phase == UNBORN && WEEK(today) < EPOCHS && IS_OPEN(d) && ((r) == 0 || report[(r) - 1].phase != UNBORN))
proctype Reporter(byte r) {
end:
    do
    :: ACT(seal, r, A, CAN_SEAL(r, A))
    :: ACT(seal, r, B, CAN_SEAL(r, B))
    :: ACT(send, r, 0, report[r].phase == SEALED && WEEK(today) <= report[r].epoch + COMPLETE)
    od
}

/* The root renews when a certificate is over or its station is new, and refuses a key that was revoked. */
#define MAY_CERTIFY(d) ((!vault[d].serial || WEEK(today) - WEEK(vault[d].since) > LIFE) && !((d) == A && revoked && vault[A].station == thief))

#define HAS_NUMBER(d) (returns[d] < most_returns && vault[d].number < LAST(vault[d].serial))

proctype DeskA() {
end:
    do
    :: ACT(take_in, A, 0, alive && drive.there)
    :: ACT(take_in, A, 1, alive && drawer.there)
    :: ACT(publish, A, 0, alive && HAS_NUMBER(A))
    :: ACT(certify, A, 0, alive && serials[A] < SERIALS && MAY_CERTIFY(A))
    :: ACT(give_up, A, 0, alive && vault[A].withheld && !IS_BEHIND(A))
    od
}

/* Desk B takes in the newest export, publishes, and the courier brings that to the server at once. */
proctype DeskB() {
end:
    do
    :: ACT(round, B, 0, drive.there && HAS_NUMBER(B) && !MAY_CERTIFY(B))
    :: ACT(certify, B, 0, serials[B] < SERIALS && MAY_CERTIFY(B))
    od
}

proctype Courier() {
end:
    do
    :: ACT(export, 0, 0, exports < most_exports)
    :: ACT(take, A, 0, newest[A].there)
    :: ACT(take, A, 1, older[A].there)
    :: ACT(take_list, 0, 0, revoked && !store.list)
    :: ACT(advance, 0, 0, today < most_weeks - 1)
    :: ACT(store_backup, 0, 0, MAY(SERVER) && !backed)
    od
}

#define IS_OLDER (imaged && (copy.number > image.number || (SEEN(copy) & ~SEEN(image))) && image.keys == copy.keys && image.station == copy.station)

proctype Accidents() {
end:
    do
    :: ACT(back_up, 0, 0, alive && MAY(LOSS | THEFT) && !imaged && !behind && keyfiles && vault[A].keys != NOKEYS)
    :: ACT(lose, 0, 0, alive && MAY(LOSS))
    :: ACT(restore, 0, 0, !alive || (revoked && vault[A].station == thief))
    :: ACT(promote, 0, 0, alive && keyfiles && vault[A].keys != NOKEYS && copy.keys != NOKEYS && (behind || MAY(LOSS)))
    :: ACT(go_back, 0, 0, alive && MAY(LOSS) && keyfiles && !behind && IS_OLDER)
    :: ACT(take_in, A, 2, alive && MAY(LOSS) && drive.there)
    :: ACT(publish, A, 1, alive && MAY(LOSS) && HAS_NUMBER(A))
    :: ACT(kill_import, A, 0, alive && MAY(SERVER) && drive.there && vault[A].keys != NOKEYS)
    :: ACT(old_keys, 0, 0, alive && drive.there && imaged && vault[A].anew && vault[A].keys != NOKEYS)
    :: ACT(lose_keys, 0, 0, alive && MAY(KEYS) && keyfiles && !behind && vault[A].live && SHOWS_OLD_KEYS)
    :: ACT(new_keys, 0, 0, alive && !keyfiles && !behind && !vault[A].bundle[1])
    :: ACT(rot, 0, 0, alive && MAY(KEYS) && !rotten && (copy.opened & copy.copied & copy.told))
    :: ACT(read_copy, 0, 0, alive && rotten && keyfiles && !behind)
    :: ACT(store_restore, 0, 0, MAY(SERVER) && backed == 1)
    od
}

proctype Thief() {
end:
    do
    :: ACT(steal, 0, 0, MAY(THEFT) && alive && !stolen && vault[A].serial && !behind)
    :: ACT(forge, NEXT, 0, MAY(THEFT) && stolen)
    :: ACT(forge, TOP, 0, MAY(THEFT) && stolen)
    :: ACT(forge, FAR, 0, MAY(THEFT) && stolen)
    :: ACT(forge, AHEAD, 0, MAY(THEFT) && stolen)
    :: ACT(forge, TWOFOLD, 0, MAY(THEFT) && stolen)
    :: ACT(recertify, 0, 0, revoked && thiefserial == revokedserial && serials[A] < SERIALS)
    :: ACT(revoke, 0, 0, stolen && !revoked)
    :: ACT(forged_export, A, 0, MAY(SERVER) && alive)
    :: ACT(forged_export, A, 1, MAY(SERVER) && alive)
    :: ACT(forged_export, A, 2, MAY(SERVER) && alive)
    od
}

/* Both desks have published once, as after the first ceremony: from then on the site is open. */
inline begin_desk(d) {
    vault[d].serial = 1;
    serials[d] = 1;
    vault[d].live = BIT(EPOCHS) - 1;
    outcome = DONE;
    publish(d, 0);
    accept(d, newest[d]);
    returns[d] = 0
}

init {
    /* pan takes these at run time, so that one compiled program serves all runs. */
    c_code {
        char *given;
        if ((given = getenv("KINDS"))) now.kinds = atoi(given);
        if ((given = getenv("GOAL"))) now.goal = atoi(given);
        if ((given = getenv("WITHOUT"))) now.without = atoi(given);
        if ((given = getenv("TROUBLES"))) now.most_troubles = atoi(given);
        if ((given = getenv("EXPORTS"))) now.most_exports = atoi(given);
        if ((given = getenv("RETURNS"))) now.most_returns = atoi(given);
        if ((given = getenv("WEEKS"))) now.most_weeks = atoi(given);
    };
    d_step {
        thief = 99;
        begin_desk(A);
        begin_desk(B);
#ifdef SCRIPT
        load_script();
#endif
        forget()
    }
    atomic {
        for (i_ : 0 .. REPORTS - 1) { run Reporter(i_) };
        i_ = 0;
        run DeskA();
        run DeskB();
        run Courier();
        run Accidents();
        run Thief()
    }
}
