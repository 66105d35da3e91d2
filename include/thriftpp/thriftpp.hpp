#pragma once

/// @file
/// Everything: load IDLs, make and read values, encode and decode them, call and serve.

#include <thriftpp/json/message.hpp>
#include <thriftpp/load/describe.hpp>
#include <thriftpp/load/load.hpp>
#include <thriftpp/load/loader.hpp>
#include <thriftpp/protocol/protocol.hpp>
#include <thriftpp/rpc/client.hpp>
#include <thriftpp/rpc/server.hpp>
#include <thriftpp/value/path.hpp>
#include <thriftpp/value/text.hpp>
#include <thriftpp/value/validate.hpp>
