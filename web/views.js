/** Views of a list that one keeps in this browser: filters and columns by a name. What is read back is held to what a list knows. */

const MAX_VIEWS = 20;
export const MAX_NAME = 40;
const MAX_VALUE = 128;

/** A browser may have no place to keep anything. */
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

const isText = (value, most) => typeof value === "string" && value.length > 0 && value.length <= most;

/** Of filters, those that the list knows. @param {any} given @param {string[]} names */
export const knownFilters = (given, names) => Object.fromEntries(Object.entries(given ?? {}).filter(([name, value]) => names.includes(name) && isText(value, MAX_VALUE)));
const knownColumns = (given, all) => (Array.isArray(given) ? all.filter((name) => given.includes(name)) : null);

/**
 * @param {string} list a name of the list and of whose it is @param {string[]} names its filters @param {string[]} columns all that it has
 */
export function viewsOf(list, names, columns) {
  const viewsKey = `views.${list}`, columnsKey = `columns.${list}`;
  const all = () => {
    const found = read(viewsKey);
    return (Array.isArray(found) ? found : []).filter((each) => isText(each?.name, MAX_NAME)).slice(0, MAX_VIEWS)
      .map((each) => ({ name: each.name, filters: knownFilters(each.filters, names), columns: knownColumns(each.columns, columns) }));
  };
  return {
    all,
    columns: () => knownColumns(read(columnsKey), columns),
    keepColumns: (chosen) => write(columnsKey, chosen),
    isFull: (name) => all().filter((each) => each.name !== name).length >= MAX_VIEWS,
    keep: (view) => write(viewsKey, [...all().filter((each) => each.name !== view.name), view]),
    forget: (name) => write(viewsKey, all().filter((each) => each.name !== name)),
  };
}
