#pragma once

/// @file
/// The version, and the mark of symbols that the library exports.

#define THRIFTPP_VERSION_MAJOR 0
#define THRIFTPP_VERSION_MINOR 1
#define THRIFTPP_VERSION_PATCH 0

/// Symbols are hidden by default; this one is visible outside of a shared library.
#define THRIFTPP_API __attribute__((visibility("default")))
