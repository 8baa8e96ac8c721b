#include "kernel/user_fault.h"

#include <vector>

#include "base/text.h"
#include "kernel/shape.h"

namespace diag::kernel {

namespace {

// EL5 writes "rip" and "rsp" (x86_64) or "eip" and "esp" (i386), later kernels "ip" and "sp"; "traps:" came with EL7.
const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all = {
      Shape("{task.comm:t}[{task.pid:d}]: segfault at {fault.address:a} {*}ip {ip:a} {*}sp {sp:a} error {fault.error:x} in {object:t}["),
      Shape("{task.comm:t}[{task.pid:d}]: segfault at {fault.address:a} {*}ip {ip:a} {*}sp {sp:a} error {fault.error:x}"),
      Shape("{task.comm:t}[{task.pid:d}] general protection {*}ip:{ip:a} {*}sp:{sp:a} error:{fault.error:x} in {object:t}["),
      Shape("{task.comm:t}[{task.pid:d}] general protection {*}ip:{ip:a} {*}sp:{sp:a} error:{fault.error:x}"),
      Shape("{task.comm:t}[{task.pid:d}] trap {trap:t} {*}ip:{ip:a} {*}sp:{sp:a} error:{fault.error:x} in {object:t}["),
      Shape("{task.comm:t}[{task.pid:d}] trap {trap:t} {*}ip:{ip:a} {*}sp:{sp:a} error:{fault.error:x}"),
  };
  return all;
}

std::string_view trap_of(std::string_view text) {
  if (text.find("segfault at") != std::string_view::npos) return "segfault";
  return "general protection";
}

}  // namespace

std::optional<Event> parse_user_fault(const Record& record) {
  auto text = record.text;
  if (text.find("]: segfault at ") == std::string_view::npos && text.find("] general protection ") == std::string_view::npos &&
      text.find("] trap ") == std::string_view::npos)
    return std::nullopt;
  consume(text, "traps: ");
  std::vector<Capture> captures;
  for (const auto& shape : shapes()) {
    if (!shape.match(text, captures)) continue;
    Event event;
    event.kind = "user.segfault";
    event.first = event.last = record.at;
    event.when = record.when;
    event.host = record.host;
    event.lines.push_back({record.at.line, to_utf8(record.text)});
    event.set("text", to_utf8(record.text), record.at.line);
    event.set("trap", std::string(trap_of(text)), record.at.line);
    for (const auto& c : captures) {
      const auto number = c.type == 'd' ? parse_dec(c.text) : parse_hex(c.text);
      if (c.type == 'a' && number) event.set(std::string(c.name), Addr{*number}, record.at.line);
      else if ((c.type == 'd' || c.type == 'x') && number) event.set(std::string(c.name), static_cast<double>(*number), record.at.line);
      else event.set(std::string(c.name), to_utf8(trim(c.text)), record.at.line);
    }
    event.title = *event.get<std::string>("trap") + " in " + *event.get<std::string>("task.comm");
    return event;
  }
  return std::nullopt;
}

}  // namespace diag::kernel
