# cmake -D FOLDER=assets -D OUTPUT=assets.cpp -P assets.cmake: a source with the bytes of all files of
# FOLDER, as raw strings, for assets.hpp.
set(types html "text/html\; charset=utf-8" css "text/css\; charset=utf-8"
    js "text/javascript\; charset=utf-8")

file(GLOB files ${FOLDER}/*)
list(SORT files)
set(entries "")
foreach(file IN LISTS files)
  get_filename_component(name ${file} NAME)
  string(REGEX REPLACE ".*\\." "" ending ${name})
  list(FIND types ${ending} at)
  if(at EQUAL -1)
    message(FATAL_ERROR "${file}: what its content type is, is not known here")
  endif()
  math(EXPR at "${at} + 1")
  list(GET types ${at} type)
  file(READ ${file} text)
  file(SHA256 ${file} hash)
  string(SUBSTRING ${hash} 0 20 hash)
  string(FIND "${text}" ")asset\"" clash)
  if(NOT clash EQUAL -1)
    message(FATAL_ERROR "${file} holds what ends a raw string")
  endif()
  string(APPEND entries "    {\"${name}\", \"${type}\", R\"asset(${text})asset\", \"\\\"${hash}\\\"\"},\n")
endforeach()

file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [=[
// Made by assets.cmake.
#include "gateway/assets.hpp"

namespace thrift::gateway {
namespace {

constexpr Asset assets[] = {
@entries@};

}  // namespace

const Asset* find_asset(std::string_view name) noexcept {
  for (const Asset& asset : assets) {
    if (asset.name == name) return &asset;
  }
  return nullptr;
}

}  // namespace thrift::gateway
]=])
