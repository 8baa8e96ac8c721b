#include "log/line_joiner.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "log/kernel_words.h"

namespace diag::transport {
namespace {

constexpr std::size_t longest = 8 * 1024;  // of a joined message; the rules read it anew for each line
constexpr std::size_t narrow = 40;         // no program wraps shorter lines
constexpr std::size_t column = 66;         // a line is wrapped when the next word would have gone beyond

struct Pair {
  std::string_view text;  // of the message so far
  std::size_t width;      // of its last line
  std::string_view next;

  // The next word would not have fitted.
  bool at_the_edge() const { return width + 1 + first_word(next).size() >= column; }
};

bool all_of_words(std::string_view text, bool (*accept)(std::string_view)) {
  for (text = trim(text); !text.empty(); text = trim_left(text)) {
    const auto word = text.substr(0, std::min(text.find(' '), text.size()));
    if (!accept(word)) return false;
    text.remove_prefix(word.size());
  }
  return true;
}

// "Code: 48 8b" and "7c <0f> 0b".
bool code_bytes(const Pair& p) {
  if (!p.text.starts_with("Code:")) return false;
  const auto bytes = trim(p.text.substr(5));
  for (const std::size_t width : {2, 4, 8}) {
    if (hex_words(p.next, width) > 0 && (bytes.empty() || hex_words(bytes, width) > 0)) return true;
  }
  return false;
}

// "[<ffffffff8100b000>]" and "func+0x1/0x2 [mod]", or EL4's "<ffffffff8100b000>{func+12}".
bool symbol_of_address(const Pair& p) {
  if (!ends_in_address(p.text)) return false;
  if (starts_symbol(p.next)) return true;
  const auto open = p.text.rfind("[<");
  const auto address = p.text.substr(open + 1, p.text.find(']', open) - open - 1);
  const bool of_a_register = p.text.find("IP: ") != std::string_view::npos;
  return of_a_register && (p.next.starts_with(address) || p.next.substr(1).starts_with(address));
}

// "func+0x1/0x2" and "[mod]".
bool module_of_symbol(const Pair& p) {
  const auto word = last_word(p.text);
  const auto plus = word.find("+0x");
  if (plus == std::string_view::npos || word.find("/0x", plus) == std::string_view::npos || !is_hex(word.back()))
    return false;
  std::string_view s = p.next;
  return consume(s, "[") && !take_while(s, is_word).empty() && consume(s, "]") &&
         (s.empty() || s == "()" || s.starts_with(" ("));
}

bool is_module(std::string_view word) {
  const auto name = take_while(word, [](char c) { return is_word(c) || c == '-'; });
  if (name.size() < 2 || std::ranges::none_of(name, [](char c) { return c >= 'a' && c <= 'z'; })) return false;
  return word.empty() || (word.starts_with('(') && word.ends_with(')'));
}

bool module_list(const Pair& p) {
  if (!p.text.starts_with("Modules linked in:") || p.text.ends_with(']')) return false;
  const auto names = p.next.substr(0, p.next.find("[last"));  // "[last unloaded: name]" ends the list
  return p.at_the_edge() && all_of_words(names, is_module);
}

// An open bracket at the end, "(pid: 3911, threadinfo ffff8101fc74c000, task", and its other half.
bool open_bracket(const Pair& p) {
  for (const auto& [open, close] : {std::pair('(', ')'), std::pair('[', ']')}) {
    const auto at = p.text.rfind(open);
    if (at == std::string_view::npos || p.text.find(close, at) != std::string_view::npos) continue;
    const auto end = p.next.find(close);
    if (end != std::string_view::npos && p.next.substr(0, end).find(open) == std::string_view::npos)
      return p.at_the_edge();
  }
  return false;
}

// Words that stand only inside the lines of a report, never at their front.
bool inner_word(const Pair& p) {
  constexpr std::array words = std::to_array<std::string_view>({
      "knlGS:", "threadinfo", "Comm:",    "PID:", "comm:",  "ORIG_RAX:", "dereference", "pointer", "PUD",
      "PMD",    "PTE",        "P4D",      "CR3:", "CR4:",   "CR0:",      "ES:",         "ti:",     "task.ti:",
      "RBX:",   "RCX:",       "RSI:",     "RDI:", "R08:",   "R09:",      "R11:",        "R12:",    "R14:",
      "R15:",   "DR1:",       "DR2:",     "DR7:", "ebx:",   "ecx:",      "edx:",        "edi:",    "ebp:",
      "esp:",   "EBX:",       "ECX:",     "EDX:", "EDI:",   "EBP:",      "ESP:",        "gs:",     "ss:",
      "SS:ESP", "blocked",    "seconds.", "SMP",  "Kdump:", "GS:",
  });
  if (!starts_kernel_line(p.text)) return false;
  if (p.next == "RIP:") return p.text.starts_with("Unable to handle ");
  const auto word = first_word(p.next);
  const auto label = word.substr(0, word.find(':') == std::string_view::npos ? word.size() : word.find(':') + 1);
  return p.at_the_edge() &&
         (std::ranges::find(words, word) != words.end() || std::ranges::find(words, label) != words.end());
}

// Words that no line of a report ends with.
bool dangling_word(const Pair& p) {
  constexpr std::array words = std::to_array<std::string_view>({
      "at",         "NULL",  "kernel", "pointer", "dereference", "request",  "virtual", "address", "paging",
      "threadinfo", "task",  "Not",    "not",     "Comm:",       "PID:",     "pid:",    "comm:",   "for",
      "than",       "more",  "on",     "in",      "of",          "to",       "handle",  "-",       "syncing:",
      "dir",        "inode", "sector", "task:",   "ti:",         "task.ti:", "EFLAGS:", "stuck",   "Tainted:",
  });
  if (!starts_kernel_line(p.text) || starts_kernel_line(p.next)) return false;
  const auto word = last_word(p.text);
  const bool label = word.size() >= 3 && word.size() <= 6 && word.ends_with(':') && word != "RIP:" && p.text != word &&
                     std::ranges::all_of(word.substr(0, word.size() - 1),
                                         [](char c) { return is_word(c) && !(c >= 'a' && c <= 'z'); });
  return p.at_the_edge() && (label || std::ranges::find(words, word) != words.end());
}

// "CPU: 0 PID: 12 Comm: httpd Not tainted" and "3.10.0-957.el7.x86_64 #1"; taint letters end in dashes.
bool task_line(const Pair& p) {
  if ((!p.text.starts_with("CPU: ") && !p.text.starts_with("Pid: ")) || !p.at_the_edge()) return false;
  for (const std::string_view word : {"Tainted: ", "Not tainted ", "tainted ", "Kdump: "}) {
    if (p.next.starts_with(word)) return true;
  }
  std::string_view s = p.next;
  if (!take_while(s, [](char c) { return c == '-'; }).empty()) s = trim_left(s);
  if (s.starts_with('#')) return s.size() > 1 && is_digit(s[1]);
  return !s.empty() && is_digit(s[0]) && std::ranges::count(first_word(s), '.') >= 2;
}

// Four words of 16 digits to a line, or eight of 8: a line of three and a line of one.
bool stack_words(const Pair& p) {
  auto text = p.text;
  consume(text, "Stack:");
  for (const auto& [width, full] : {std::pair(16, 4), std::pair(8, 8)}) {
    const int before = hex_words(text, static_cast<std::size_t>(width));
    const int after = hex_words(p.next, static_cast<std::size_t>(width));
    if (before > 0 && after > 0 && before + after == full) return p.at_the_edge();
  }
  return false;
}

// "WARNING: at fs/buffer.c:12" and "mark_buffer_dirty+0x1/0x2()".
bool place_of_warning(const Pair& p) {
  if (!p.text.starts_with("WARNING: ") || !starts_symbol(p.next) || !p.at_the_edge()) return false;
  return is_digit(p.text.back()) && p.text.rfind(':') > 8 && p.text.find("+0x") == std::string_view::npos;
}

bool hardware_name(const Pair& p) {
  constexpr std::string_view bios = "BIOS ";
  if (!p.text.starts_with("Hardware name: ") || !p.at_the_edge() || starts_kernel_line(p.next)) return false;
  const bool date = p.next.size() >= 10 && p.next.substr(p.next.size() - 10).find('/') == 2;
  return date || (p.text.find(bios) == std::string_view::npos && p.next.find(bios) != std::string_view::npos);
}

// "Kernel panic - not syncing: Fatal exception in" and "interrupt".
bool sentence(const Pair& p) {
  constexpr std::array headers = std::to_array<std::string_view>({
      "INFO: task ",
      "INFO: rcu",
      "BUG: unable to ",
      "BUG: soft ",
      "BUG: sleeping ",
      "Kernel panic - ",
      "Unable to handle ",
  });
  if (p.width + 1 + first_word(p.next).size() < 72) return false;
  if (std::ranges::none_of(headers, [&](std::string_view header) { return p.text.starts_with(header); })) return false;
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const bool broken_off = std::ranges::all_of(last_word(p.text), is_letter);
  const auto word = first_word(p.next);
  const bool own = starts_kernel_line(p.next) || starts_symbol(p.next) || word.ends_with(':');
  return broken_off && is_letter(word[0]) && !own;
}

constexpr bool (*rules[])(const Pair&) = {code_bytes,   symbol_of_address, module_of_symbol, module_list,
                                          open_bracket, inner_word,        dangling_word,    task_line,
                                          stack_words,  place_of_warning,  hardware_name,    sentence};

constexpr std::size_t widest = 82;  // no program wraps at more

// Any long line of the kernel goes on in one that has no stamp of its own and stands at the margin: a syslog daemon
// would have stamped it. Behind mail marks alone that is less sure, so that it must not look like the start of
// something.
bool continues_anything(const Envelope& held, std::string_view text, std::size_t width, const Envelope& next) {
  const auto needed = width + 1 + first_word(next.body).size();
  if (next.indented || width > widest || needed < column) return false;
  if (held.stamped && held.syslog) return true;
  if (needed < 72) return false;
  if (!held.quoted || !next.quoted || !(held.stamped || text.ends_with(','))) return false;
  if (text.ends_with('.') || text.ends_with('!')) return false;
  return !starts_kernel_line(next.body) && !starts_symbol(next.body) && hex_words(next.body, 16) == 0;
}

}  // namespace

bool may_continue(const Envelope& line, std::size_t width) {
  if (line.user() || line.repeats > 1 || line.last_repeated) return false;
  if (line.quoted) return true;
  const auto text = line.text;
  if (ends_in_address(text) || text.starts_with("Code:") || text.starts_with("Modules linked in:")) return true;
  if (line.syslog && width <= widest) return true;
  return width >= narrow && width <= 160 &&
         (starts_kernel_line(text) || hex_words(text, 16) > 0 || hex_words(text, 8) > 0);
}

bool continues(std::string_view text, std::size_t width, std::string_view next) {
  if (text.empty() || next.empty() || text.size() + next.size() > longest) return false;
  const Pair pair{text, width, next};
  return std::ranges::any_of(rules, [&](auto* rule) { return rule(pair); });
}

void HeldMessage::hold(const Envelope& e, std::string_view raw, const Origin& at) {
  holding_ = true;
  envelope_ = e;
  text_ = trim_right(e.text);
  raw_ = raw;
  at_ = at;
  width_ = raw.size();
  names_.clear();
  names_.append(e.host).append(e.program).append(e.context);
  std::string_view names = names_;
  envelope_.host = names.substr(0, e.host.size());
  envelope_.program = names.substr(e.host.size(), e.program.size());
  envelope_.context = names.substr(e.host.size() + e.program.size());
  envelope_.text = envelope_.body = {};
}

bool HeldMessage::takes(const Envelope& e) const {
  if (e.user() || e.body.empty()) return false;
  const auto body = trim_right(e.body);
  if (e.stamped && !(text_.starts_with("Code:") && body.starts_with('<') && continues(text_, width_, body)))
    return false;
  if (text_.empty()) {
    const bool wrapped = envelope_.quoted || envelope_.syslog;
    return wrapped && envelope_.stamped && width_ + 1 + first_word(body).size() >= column;
  }
  return continues(text_, width_, body) || continues_anything(envelope_, text_, width_, e);
}

void HeldMessage::append(const Envelope& e, std::string_view raw) {
  if (!text_.empty()) text_ += ' ';
  text_ += trim_right(e.body);
  raw_ += '\n';
  raw_ += raw;
  width_ = raw.size();
  envelope_.quoted = true;
}

bool HeldMessage::open() const {
  Envelope e = envelope_;
  e.text = text_;
  return may_continue(e, width_);
}

Envelope& HeldMessage::release() {
  holding_ = false;
  envelope_.text = text_;
  return envelope_;
}

}  // namespace diag::transport
