/** JSON for people to read. It is never parsed: that would round whole numbers that a script cannot hold. */

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const INDENT = "  ";

/** A JSON text with a line for each value. @param {string} text */
export function indented(text) {
  const tokens = text.match(TOKEN) ?? [];
  let depth = 0, made = "";
  const line = () => `\n${INDENT.repeat(depth)}`;
  tokens.forEach((token, index) => {
    const opens = "{[".includes(token), closes = "}]".includes(token), isEmpty = closes && "{[".includes(tokens[index - 1]);
    if (closes) depth -= 1;
    if (closes && !isEmpty) made += line();
    made += token;
    if (opens) depth += 1;
    if (token === ":") made += " ";
    else if (token === "," || (opens && !"}]".includes(tokens[index + 1]))) made += line();
  });
  return made;
}

/** The names and values of an object within the whole, each value as it came, a text without its quotes. @param {string} text @param {string} name */
export function flat(text, name) {
  const tokens = text.match(TOKEN) ?? [], found = [];
  let depth = 0, index = 0;
  for (; index < tokens.length && !(depth === 1 && tokens[index] === JSON.stringify(name) && tokens[index + 1] === ":"); index += 1) depth += "{[".includes(tokens[index]) - "}]".includes(tokens[index]);
  for (index += 3; index < tokens.length && tokens[index] !== "}"; index += tokens[index + 3] === "," ? 4 : 3) found.push([tokens[index], tokens[index + 2]].map((each) => (each.startsWith('"') ? JSON.parse(each) : each)));
  return found;
}
