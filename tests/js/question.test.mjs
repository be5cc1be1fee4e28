// Which question of a timeline waits: the cases of tests/web/test_acts.py.
import assert from "node:assert/strict";
import { test } from "node:test";

import { question } from "../../dropbox/web/browser/src/thread/question.js";

const entry = (status, text = "", next = 0) => ({
  day: 1,
  kind: status ? "status" : "message",
  status,
  text,
  next,
  texts: 0,
  files: 0,
});
const asked = entry("BUTUH_INFO", "Tahun berapa?", 40);

test("none waits where none was asked", () => {
  assert.deepEqual(question([]), { asked: null, until: 0 });
  assert.deepEqual(question([entry("DITERIMA"), entry("", "Halo", 9)]), { asked: null, until: 0 });
});

test("it waits with the date that was said last, whatever else was said in between", () => {
  assert.deepEqual(question([entry("DITERIMA", "", 5), asked]), { asked, until: 40 });
  assert.deepEqual(question([asked, entry("", "Satu lagi"), entry("BUTUH_INFO", "Permintaan dicatat.", 50)]), {
    asked,
    until: 50,
  });
});

test("the next status ends it, and a new question is another", () => {
  assert.deepEqual(question([asked, entry("TELAAH", "", 60)]), { asked: null, until: 0 });
  const other = entry("BUTUH_INFO", "Di mana?");
  assert.deepEqual(question([asked, entry("TELAAH", "", 60), other]), { asked: other, until: 0 });
});
