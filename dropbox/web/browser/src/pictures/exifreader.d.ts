/** The library's source: Node's tests and the build then run the same modules. */
declare module "exifreader/src/exif-reader.js" {
  export { errors, loadView } from "exifreader";
}
