// Finds the checks of a JavaScript module, and gives its source with one of them taken out, as JSON, one a line.
//
//     node javascript_checks.mjs PATH…        paths from the project's root
//
// Rule: a mutant differs from its module in one check alone, and nothing of it is written into the checkout.
import { readFileSync } from "node:fs";

const ROOT = new URL("../../", import.meta.url);
// Prettier brings the parser acorn; TypeScript 7 has no parser for programs of others.
const { parsers } = await import(new URL("dropbox/web/browser/node_modules/prettier/plugins/acorn.mjs", ROOT).href);
const REFUSING = /^(?:check\w*|verify\w*|required|expect|end)$/;
const NEVER = /^(?:fail|refuse|stop)$/;

const nameOf = (node) => {
  const callee = node?.type === "CallExpression" ? node.callee : undefined;
  return callee?.type === "MemberExpression" ? (callee.property.name ?? "") : (callee?.name ?? "");
};
const bare = (node) => (node?.type === "AwaitExpression" ? bare(node.argument) : node);

/** Whether a statement refuses: it throws, calls what throws, or answers no. */
function isRefusal(statement) {
  if (statement.type === "BlockStatement") return statement.body.length > 0 && isRefusal(statement.body.at(-1));
  if (statement.type === "ThrowStatement") return true;
  if (statement.type === "ReturnStatement") return [false, null].includes(statement.argument?.value);
  return statement.type === "ExpressionStatement" && NEVER.test(nameOf(statement.expression));
}

/** Each part of a condition, and what takes its place so that it refuses nothing. */
function* parts(test, negated = false) {
  if (test.type === "UnaryExpression" && test.operator === "!") return yield* parts(test.argument, !negated);
  if (test.type === "LogicalExpression" && test.operator === (negated ? "&&" : "||")) {
    yield* parts(test.left, negated);
    return yield* parts(test.right, negated);
  }
  yield [test, negated ? "true" : "false"];
}

function* without(node, text) {
  if (node.type === "IfStatement" && !node.alternate && isRefusal(node.consequent)) {
    for (const [part, instead] of parts(node.test)) yield [`if ${text(part)}`, part, instead];
  } else if (node.type === "ExpressionStatement" && REFUSING.test(nameOf(bare(node.expression)))) {
    const call = bare(node.expression);
    const skipped = () => `${text(call.callee.object)}.take((${text(call.arguments[0])}).length);`;
    yield [text(node), node, nameOf(call) === "expect" ? skipped() : ";"];
  } else if (node.type === "CatchClause" && isRefusal(node.body)) {
    yield ["catch", node.body, "{}"];
  } else if (node.type === "CallExpression") {
    yield* weaker(node, text);
  }
}

function* weaker(call, text) {
  const name = nameOf(call);
  const given = call.arguments.map(text);
  if (name === "lp" && call.callee.type === "MemberExpression" && given.length) {
    yield [text(call), call, `${text(call.callee)}()`];
  } else if (name === "text" && call.callee.type === "Identifier") {
    yield [text(call), call, `new TextDecoder("utf-8", { ignoreBOM: true }).decode(${given[0]})`];
  } else if (name === "required" && given.length === 3) {
    yield [text(call), call, `(${given[0]}.get(${given[1]}) ?? new Uint8Array())`];
  }
}

/** The name that a node gives to what is inside of it. */
function nameIn(node) {
  if (["FunctionDeclaration", "ClassDeclaration"].includes(node.type)) return node.id.name;
  if (node.type === "MethodDefinition") return node.key.name;
  return node.type === "VariableDeclarator" && node.init?.type === "ArrowFunctionExpression" ? node.id.name : undefined;
}

for (const path of process.argv.slice(2)) {
  const source = readFileSync(new URL(path, ROOT), "utf8");
  const text = (node) => source.slice(node.start, node.end);
  const visit = (node, around) => {
    const inside = nameIn(node) ? [...around, nameIn(node)] : around;
    for (const [found, part, instead] of without(node, text)) {
      const check = `${inside.join(".")}: ${found}`.replace(/\s+/g, " ");
      const line = source.slice(0, part.start).split("\n").length;
      const mutated = source.slice(0, part.start) + instead + source.slice(part.end);
      parsers.acorn.parse(mutated, {}); // what is no module would be noticed whatever the vectors say
      console.log(JSON.stringify({ path, line, check, source: mutated }));
    }
    for (const value of Object.values(node).flat()) if (typeof value?.type === "string") visit(value, inside);
  };
  visit(parsers.acorn.parse(source, {}).program ?? parsers.acorn.parse(source, {}), []);
}
