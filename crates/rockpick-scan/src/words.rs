//! The words by which files are understood: endings, syntaxes of comments, names of parameters, services and other platforms.

/// Endings of files in which people write for people.
pub(crate) const DOCS: [&str; 8] = ["md", "mdx", "markdown", "rst", "adoc", "txt", "html", "htm"];
/// Folders of the same.
pub(crate) const DOC_FOLDERS: [&str; 3] = ["docs", "doc", "documentation"];
/// Folders of tests.
pub(crate) const TEST_FOLDERS: [&str; 9] =
    ["test", "tests", "__tests__", "spec", "specs", "e2e", "testdata", "fixtures", "__mocks__"];
/// Parts of the names of files with tests, in lower case.
pub(crate) const TEST_NAMES: [&str; 6] =
    ["_test.", ".test.", ".spec.", "_spec.", "tests.", "test_"];
/// What follows a key that tells what something costs.
pub(crate) const PRICES: [&str; 14] = [
    "cost_per",
    "costper",
    "price",
    "pricing",
    "per_1k",
    "per1k",
    "per_million",
    "permillion",
    "per_token",
    "pertoken",
    "per_1m",
    "per1m",
    "input_cost",
    "output_cost",
];
/// Files whose lines are comments behind `#`.
pub(crate) const HASH: [&str; 20] = [
    "py",
    "pyi",
    "sh",
    "bash",
    "zsh",
    "yaml",
    "yml",
    "toml",
    "tf",
    "tfvars",
    "hcl",
    "rb",
    "pl",
    "r",
    "env",
    "cfg",
    "conf",
    "properties",
    "mk",
    "dockerfile",
];
/// Files with `//` and `/* */`.
pub(crate) const SLASH: [&str; 26] = [
    "js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "java", "go", "rs", "c", "h", "cpp",
    "hpp", "cs", "kt", "kts", "scala", "swift", "php", "dart", "groovy", "json5", "jsonc", "tf",
];
/// Files with `--`.
pub(crate) const DASH: [&str; 3] = ["sql", "lua", "hs"];
/// Files with `;`.
pub(crate) const SEMICOLON: [&str; 2] = ["ini", "el"];
/// Files with `<!-- -->`.
pub(crate) const MARKUP: [&str; 4] = ["xml", "vue", "svelte", "html"];
/// Calls that ask whether a text begins with, holds or fits something, without the parenthesis and in lower case.
pub(crate) const TESTS: [&str; 25] = [
    "startswith",
    "starts_with",
    "hasprefix",
    "endswith",
    "ends_with",
    "hassuffix",
    "contains",
    "includes",
    "indexof",
    "match",
    "matches",
    "search",
    "findall",
    "fullmatch",
    "compile",
    "regexp",
    "regex",
    "replace",
    "removeprefix",
    "trimprefix",
    "split",
    "like",
    "strip_prefix",
    "lstrip",
    "equalsignorecase_prefix",
];
/// Words that stand for Bedrock or AWS in a file.
pub(crate) const AWS: [&str; 4] = ["bedrock", "boto3", "amazonaws", "aws_"];
/// Words that stand for other platforms with IDs of the same shape.
pub(crate) const OTHERS: [&str; 12] = [
    "oracle",
    "oci.",
    "oci_",
    "ocid1.",
    "openrouter",
    "vertex",
    "azure",
    "huggingface",
    "replicate",
    "watsonx",
    "ai-gateway",
    "requesty",
];
/// Other services of AWS: their Regions say nothing of Bedrock's.
pub(crate) const SERVICES: [&str; 34] = [
    "s3",
    "dynamodb",
    "cognito",
    "sns",
    "sqs",
    "lambda",
    "sagemaker",
    "secretsmanager",
    "secrets",
    "kms",
    "ses",
    "ecr",
    "cloudfront",
    "polly",
    "transcribe",
    "textract",
    "opensearch",
    "aoss",
    "rds",
    "bucket",
    "acm",
    "route53",
    "stepfunctions",
    "ssm",
    "athena",
    "glue",
    "kinesis",
    "comprehend",
    "rekognition",
    "translate",
    "ec2",
    "eks",
    "ecs",
    "efs",
];
/// What names of parameters look like without case, `_` and `-`, and how the catalog names them.
pub(crate) const PARAMETERS: [(&str, &str, &str); 3] = [
    ("temperature", "temperature", "temperature"),
    ("topp", "top-p", "topP"),
    ("topk", "top-k", "topK"),
];
/// Words in front of a dot that are no prefixes of profiles.
pub(crate) const NO_PREFIXES: [&str; 16] = [
    "com", "org", "net", "io", "aws", "api", "dev", "www", "llm", "ai", "app", "co", "gen", "sdk",
    "id", "my",
];
/// Families whose version other platforms set apart with `-`, and Bedrock does not.
pub(crate) const SPACED: [&str; 1] = ["llama"];
