//! Bodies and answers as models have them.
