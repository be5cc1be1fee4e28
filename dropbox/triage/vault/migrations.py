"""What versions of vault.db after the second added: an older vault takes it when it is opened.

Rule: what officers and reporters wrote stays as it is; what the sandbox found out is found out again.
"""

from typing import Final

_REFERRAL: Final = """
-- Bodies to which dossiers are sealed. `card` is their file as it came; `target` a code of the settings; `officer` who
-- compared its words by voice; `retired` the day from which nothing goes there.
create table receivers (
    number integer primary key, card blob not null unique, target text not null, added integer not null,
    officer text not null, retired integer
) strict;

-- Which files may leave with a dossier (referral.marks): `go` or `points`; no row: it stays.
create table file_marks (
    case_number integer not null references cases, file_sha256 blob not null, mark text not null, officer text not null,
    day integer not null, primary key (case_number, file_sha256)
) strict, without rowid;

-- What the reporter was asked about a body (a code of the settings), and said: `yes`, `no`, or '' while they did not.
create table consents (
    number integer primary key, case_number integer not null references cases, target text not null,
    asked integer not null, answer text not null default '', answered integer, officer text not null
) strict;

-- What an officer judged for the criteria: rupiah in question, whether a state official is said to be in it, the names
-- of those reported (a line each) and the year, for fingerprints.
create table assessments (
    case_number integer primary key references cases, rupiah integer not null, official integer not null,
    people text not null, year integer not null
) strict;

-- Dossiers. `facts`: the draft as it was approved (JSON); `reply_seed` opens the answers; `made` the day on which the
-- dossier was first sealed, `sha256` of the file that was sealed last. `receiver` is null for LAPOR!, which has no key.
create table referrals (
    number integer primary key, case_number integer not null references cases, receiver integer references receivers,
    target text not null, dossier blob not null unique, reply_seed blob not null, facts text not null,
    approved integer not null, made integer, sha256 blob
) strict;
create index referrals_by_case on referrals (case_number);

-- What receivers said, each as they signed it. `sha256` is of the signed bytes: the same answer comes in once.
create table referral_answers (
    number integer primary key, referral integer not null references referrals on delete cascade,
    sha256 blob not null unique, day integer not null, taken integer not null, reference text not null,
    result text not null, question text not null, remark text not null, signed blob not null
) strict;
"""

_OVERSIGHT: Final = """
-- Recommendations against what recurs (prevention). `kind`, `subject`: a unit or a tag; `who` acts until `due`.
create table recommendations (
    number integer primary key, kind text not null, subject text not null, text text not null, who text not null,
    due integer not null, day integer not null, officer text not null, done integer, result text not null default ''
) strict;
create table recommendation_cases (
    recommendation integer not null references recommendations, case_number integer not null references cases,
    primary key (recommendation, case_number)
) strict, without rowid;

-- Rewards, sanctions, protection (work.measures). `decider`: an office or post, until the case's content goes.
create table measures (
    number integer primary key, case_number integer not null references cases, kind text not null,
    day integer not null, decider text not null, result text not null
) strict;
create index measures_by_case on measures (case_number);
"""

_EXCERPTS: Final = """
-- The beginnings of a message's texts, by its number (work.bounds). `whole_bytes`: of its texts as they came, if they
-- were cut, else 0; `whole_sha256`: of all its fields then, so that a repetition is known from another text.
create table excerpts (
    number integer primary key, case_number integer not null references cases, fields text not null,
    whole_bytes integer not null default 0, whole_sha256 blob not null default x''
) strict;
create index excerpts_by_case on excerpts (case_number, number);
"""

_ANEW: Final = """
-- `withheld`: of an epoch whose key was made anew (triage.anew); no receipt goes out before two officers have decided.
alter table seen add column epoch integer not null default 0;
alter table seen add column withheld integer not null default 0;
"""

# `indexed` is a function of the connection (matching.words): what was indexed before it is indexed again.
_ORIGINALS: Final = """
-- Texts of the index as they are shown, where they differ from the words by which they are found; by rowid of `search`.
create table search_originals (number integer primary key, text text not null) strict;
insert into search_originals select rowid, body from search where indexed(body) != body;
update search set body = indexed(body) where rowid in (select number from search_originals);
"""

_EVIDENCE: Final = """
-- What the sandbox found out about a file, by its hash: kind told from content, pages, whether it could be read.
-- place: '' for the file itself, '2' or '2.1' for a part of it (attachment, member), with the part's own hash.
-- recognized: what a machine read in its pictures.
drop table findings;
create table findings (
    file_sha256 blob not null, place text not null, name text not null, type text not null, size integer not null,
    sha256 blob not null, kind text not null, facts text not null, text text not null, state text not null,
    recognized text not null default '', primary key (file_sha256, place)
) strict;

-- Recipes of redacted copies (triage.redaction): JSON, and the hash that binds it to the file and the place in it.
create table redactions (
    number integer primary key, case_number integer not null references cases, file_sha256 blob not null,
    place text not null, name text not null, recipe text not null, sha256 blob not null, note text not null,
    officer text not null, day integer not null, unique (case_number, file_sha256, place, name)
) strict;

-- Marks are of a part of a file, too. `redaction`: number of the redacted copy that may leave, or 0.
alter table file_marks rename to marks_before;
create table file_marks (
    case_number integer not null references cases, file_sha256 blob not null, place text not null, mark text not null,
    redaction integer not null, officer text not null, day integer not null,
    primary key (case_number, file_sha256, place)
) strict, without rowid;
insert into file_marks select case_number, file_sha256, '', mark, 0, officer, day from marks_before;
drop table marks_before;
"""

_RISKS: Final = """
-- Risk of harm to the reporter and by the matter (casework.safety.risk): JSON of what was proposed and decided.
-- `level`: 1 (low) to 3 (high), the one that holds; `waits`: an officer must decide.
create table risks (
    case_number integer primary key references cases, proposed text not null, decided text not null,
    level integer not null, waits integer not null, renewed integer not null, day integer not null,
    officer text not null, grounds text not null
) strict;
"""

_RECORDS: Final = """
-- Why a case's content must stay (access.holds). `reference`: what demands it; `lifted` and `lifter` when it ended.
create table holds (
    number integer primary key, case_number integer not null references cases, reason text not null,
    reference text not null, officer text not null, day integer not null, lifted integer,
    lifter text not null default ''
) strict;
create index holds_by_case on holds (case_number);

-- Versions of what reported persons, witnesses and experts stated (casework.hearing). `first`: number of the first
-- version. `answer`: what came of a reported person's right to answer; `why`, `withdrawn`: codes of the reason.
create table statements (
    number integer primary key, first integer not null, case_number integer not null references cases,
    party text not null, answer text not null, name text not null, role text not null, unit text not null,
    given integer not null, text text not null, officer text not null, day integer not null, why text not null,
    withdrawn text not null default '', withdrawn_day integer not null default 0, withdrawer text not null default ''
) strict;
create index statements_by_case on statements (case_number);
create index statements_by_first on statements (first, number);

-- Letters that cleared a reported person (casework.letters): `letter` is the letter's own number.
create table clearings (
    number integer primary key, case_number integer not null references cases, letter text not null,
    day integer not null, name text not null, position text not null, unit text not null, officer text not null
) strict;
create index clearings_by_case on clearings (case_number);
"""

_FOLLOWUP: Final = """
-- Dispositions: rows of notes of that kind, by number (tables.followup). `state`: open, passed, done, withdrawn; `read`
-- and `done` are days, 0 for not yet. Of an older vault the last one of a case is open while the case is assigned.
create table dispositions (
    number integer primary key references notes on delete cascade, due integer not null default 0,
    read integer not null default 0, done integer not null default 0, remark text not null default '',
    state text not null
) strict;
create index dispositions_by_state on dispositions (state, due = 0, due, number);
insert into dispositions (number, state) select number, case
    when number != (select max(number) from notes as one where one.case_number = notes.case_number
        and one.kind = 'disposition') then 'passed'
    when (select officer || office from cases where cases.number = notes.case_number) = '' then 'withdrawn'
    else 'open' end
    from notes where kind = 'disposition';

-- Task letters, memos, examinations, reports, recommendations, settlements (tables.followup): each row is a version of
-- the object `root`. Recommendations of an older vault were tags.
create table followups (
    number integer primary key, root integer not null, case_number integer not null references cases,
    kind text not null, parent integer not null default 0, entered integer not null, officer text not null,
    state text not null, reason text not null default '', sign text not null default '', dated integer not null,
    begin integer not null default 0, until integer not null default 0, code text not null default '',
    who text not null default '', whom text not null default '', text text not null default '',
    sha256 text not null default ''
) strict;
create index followups_by_case on followups (case_number);
create index followups_by_parent on followups (parent) where parent != 0;
create index followups_by_root on followups (root);
insert into followups (root, case_number, kind, entered, officer, state, dated, code)
    select 0, case_number, 'recommendation', day, '', 'current', day, tag from
    (select case_number, tag, coalesce(closed, nullif(clock, 0), sent) as day from tags
        join cases on cases.number = case_number)
    where tag in ('hukdis-ringan', 'hukdis-sedang', 'hukdis-berat', 'tgr');
update followups set root = number;
"""

_OUTGOING: Final = """
-- `published`: number of the return with which the entry left, or may have left; 0: not yet. 1 for those that are older
-- than this column: they may have left.
alter table events add column published integer not null default 0;
update events set published = 1;

create index events_not_left on events (number) where published = 0;

-- What officers told reporters since the last publication, and how it is taken back (casework.outgoing). `act`: the
-- permission; `members`, `entries`: numbers of the cases and of their events; `changes`: rows before and after (JSON);
-- `newest`: number of the newest event of all then; `logged`: of the log's last line before it.
-- No number comes again (autoincrement): a page that was opened before could take back something else.
create table tellings (
    number integer primary key autoincrement, act text not null, officer text not null, day integer not null,
    members text not null, entries text not null, changes text not null, newest integer not null,
    logged integer not null
) strict;

-- `own_due`: of a leader that has its due from a case that was merged into it. Each follower has a status, a date and a
-- clock of its own, which an answer to the group sets in all of them.
alter table cases add column own_due integer;
update cases set (due, clock, closed, reason, reference) = (
    select leader.due, leader.clock, leader.closed, leader.reason, leader.reference from cases leader
    where leader.number = cases.merged_into
) where merged_into is not null and status != 'BUTUH_INFO';
update cases set (due, clock, paused_left, paused_status) = (
    select leader.due, leader.clock, leader.paused_left, leader.paused_status from cases leader
    where leader.number = cases.merged_into
) where merged_into is not null and status = 'BUTUH_INFO'
    and (select leader.status from cases leader where leader.number = cases.merged_into) = 'BUTUH_INFO';
"""

_SAFETY: Final = """
-- What reporters were asked after the end of their case (casework.safety.follow_up). `event`: the timeline's entry;
-- `month`: after the end; `answered`: day of the first reply, or 0.
create table protection_checks (
    number integer primary key, case_number integer not null references cases, month integer not null,
    event integer not null, day integer not null, answered integer not null
) strict;
create index protection_checks_by_case on protection_checks (case_number);

-- Notices before an identity is opened (casework.safety.notice). `why`: code of the reason for which there is none;
-- `published`: day on which a return with it was made, or 0.
create table identity_notices (
    number integer primary key, case_number integer not null references cases,
    identity integer not null references identities on delete cascade, reason text not null, why text not null,
    event integer not null, day integer not null, published integer not null
) strict;
create index identity_notices_by_identity on identity_notices (identity);
"""

_SAVED_FILTERS: Final = """
-- Filters of the inbox that an officer (login) keeps by name; `wanted`: JSON (casework.choosing.saved).
create table saved_filters (
    number integer primary key, officer text not null, name text not null, wanted text not null, unique (officer, name)
) strict;
"""

_BOUND: Final = """
-- No number of an entry comes again (autoincrement): other tables name entries by it. `bound`: code of the reason for
-- which an entry cannot be taken back before it leaves (casework.outgoing.records), or empty.
alter table events rename to former_events;
create table events (
    number integer primary key autoincrement, case_number integer not null references cases, day integer not null,
    kind text not null, status text not null default '', text text not null default '',
    next integer not null default 0, texts integer not null default 0, files integer not null default 0,
    collected integer, published integer not null default 0, bound text not null default ''
) strict;
insert into events
    select number, case_number, day, kind, status, text, next, texts, files, collected, published,
        iif(published = 0 and number not in (select value from tellings, json_each(entries)), 'import', '')
    from former_events;
drop table former_events;
create index events_by_case on events (case_number, number);
create index events_not_left on events (number) where published = 0;
"""

CHANGES: Final = {
    3: _REFERRAL,
    4: _OVERSIGHT,
    5: _EXCERPTS,
    6: _ANEW,
    7: _ORIGINALS,
    8: _EVIDENCE,
    9: _RISKS,
    10: _RECORDS,
    11: _FOLLOWUP,
    12: _OUTGOING,
    13: _SAFETY,
    14: _SAVED_FILTERS,
    15: _BOUND,
}
