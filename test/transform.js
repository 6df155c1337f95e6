// swc with decorator metadata, so that entities in fixtures load as they do in an application.
const { createTransformer } = require("@swc/jest").default ?? require("@swc/jest");

module.exports = createTransformer({
  sourceMaps: "inline",
  jsc: {
    target: "es2022",
    parser: { syntax: "typescript", decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
  module: { type: "commonjs", ignoreDynamic: true },
});
