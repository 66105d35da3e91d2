#pragma once

/// @file
/// Everything: load IDLs, make and read values, encode and decode them, call and serve. Each part
/// has its own header too; the guide to them is the list of layers in src/README.md.

#include <thriftpp/base/json_writer.hpp>
#include <thriftpp/base/near_name.hpp>
#include <thriftpp/idl/parser.hpp>
#include <thriftpp/idl/printer.hpp>
#include <thriftpp/json/message.hpp>
#include <thriftpp/json/read.hpp>
#include <thriftpp/json/transcode.hpp>
#include <thriftpp/load/describe.hpp>
#include <thriftpp/load/load.hpp>
#include <thriftpp/load/loader.hpp>
#include <thriftpp/protocol/bytes_path.hpp>
#include <thriftpp/protocol/protocol.hpp>
#include <thriftpp/protocol/transcode.hpp>
#include <thriftpp/rpc/client.hpp>
#include <thriftpp/rpc/server.hpp>
#include <thriftpp/rpc/session.hpp>
#include <thriftpp/schema/schema_builder.hpp>
#include <thriftpp/value/path.hpp>
#include <thriftpp/value/text.hpp>
#include <thriftpp/value/validate.hpp>
