// What `make eslint` asks of the JavaScript: the recommended rules, and the house's own measures.

import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    languageOptions: { globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "max-lines": ["error", 250],
      "max-lines-per-function": ["error", 30],
      "max-len": ["error", { code: 130, ignoreStrings: true, ignoreTemplateLiterals: true }],
      complexity: ["error", 15],
      eqeqeq: "error",
      "no-shadow": ["error", { allow: ["facts"] }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
];
