/**
 * Makes the list of kabupaten and kota that the form offers: the page loads it when somebody is about to type one.
 *
 * Rule: the names are those of dropbox/form/regions.txt, as the server reads them.
 */
import regions from "../../../../../form/regions.txt";

/** @returns {HTMLDataListElement} each option is marked with the code of its province */
export function listRegencies() {
  const list = document.createElement("datalist");
  for (const [, province, name] of regions.matchAll(/^([0-9]{2})\.[0-9]{2} (.+)$/gm)) {
    const option = new Option(name, name);
    option.dataset.province = province ?? "";
    list.append(option);
  }
  return list;
}
