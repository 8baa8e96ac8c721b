#include "log/kernel_words.h"

#include <array>
#include <cstdint>

#include "base/text.h"

namespace diag::transport {
namespace {

// By first letter, so that a line is compared with a handful of these at most.
constexpr std::string_view words[] = {
    "BUG: ",
    "Badness ",
    "Backtrace:",
    "Bad page ",
    "Bank ",
    "CPU: ",
    "CPU ",
    "CR2: ",
    "CS: ",
    "Call Trace:",
    "Call trace:",
    "Code: ",
    "Code:",
    "DR0: ",
    "DR3: ",
    "DR6: ",
    "DS: ",
    "EAX: ",
    "EFLAGS: ",
    "EIP: ",
    "EIP is at ",
    "ESI: ",
    "EXT2-fs ",
    "EXT3-fs ",
    "EXT4-fs ",
    "FS: ",
    "Fixing recursive fault",
    "GPR",
    "Hardware name: ",
    "INFO: ",
    "IP: ",
    "Instruction dump:",
    "Internal error: ",
    "Kernel BUG at ",
    "Kernel panic - ",
    "Killed process ",
    "Krnl ",
    "LR ",
    "Leftover inexact backtrace",
    "LustreError: ",
    "Machine check ",
    "Mem-Info:",
    "Mem-info:",
    "Modules linked in:",
    "NETDEV WATCHDOG: ",
    "NIP: ",
    "NIP [",
    "NMI watchdog: ",
    "NMI Watchdog ",
    "Node 0 ",
    "ODEBUG: ",
    "Oops: ",
    "Out of memory: ",
    "PC is at ",
    "PGD ",
    "PML4 ",
    "Pid: ",
    "Process ",
    "Process: ",
    "Panic",
    "PKRU: ",
    "R10: ",
    "R13: ",
    "RAX: ",
    "RBP: ",
    "RDX: ",
    "RIP  ",
    "RIP [",
    "RIP: ",
    "RSP <",
    "RSP: ",
    "Rebooting in ",
    "Stack: ",
    "Stack:",
    "Showing busy workqueues",
    "Tainted: ",
    "Task: ",
    "TASK: ",
    "TCP: ",
    "Trap ",
    "UBSAN: ",
    "Unable to handle ",
    "Uhhuh. ",
    "Unhandled fault",
    "VFS: ",
    "WARNING: ",
    "Watchdog detected ",
    "Workqueue: ",
    "XFS ",
    "XFS: ",
    "XER: ",
    "divide error: ",
    "double fault: ",
    "device-mapper: ",
    "ds: ",
    "eax: ",
    "esi: ",
    "general protection fault",
    "invalid opcode: ",
    "invalid operand: ",
    "irq event stamp: ",
    "int3: ",
    "irq ",
    "kernel BUG at ",
    "kernel tried to execute ",
    "last sysfs file: ",
    "list_add corruption",
    "list_del corruption",
    "rcu: ",
    "rcu_sched ",
    "stack segment: ",
    "segment not present: ",
    "task: ",
    "traps: ",
    "watchdog: ",
};

struct Range {
  std::uint8_t first = 0, end = 0;
};

constexpr auto index_words() {
  std::array<Range, 128> ranges{};
  for (std::size_t i = 0; i < std::size(words); ++i) {
    auto& range = ranges[static_cast<unsigned char>(words[i].front())];
    if (range.end == 0) range.first = static_cast<std::uint8_t>(i);
    range.end = static_cast<std::uint8_t>(i + 1);
  }
  return ranges;
}
constexpr auto by_letter = index_words();
static_assert(std::size(words) < 256);

// Which second letters follow a first one in the words: most names are told apart by two letters.
constexpr auto index_pairs() {
  std::array<std::uint64_t, 128> seconds{};
  for (const auto word : words) seconds[static_cast<unsigned char>(word[0])] |= std::uint64_t{1} << (word[1] & 63);
  return seconds;
}
constexpr auto second_letters = index_pairs();

// "[<", "---", "===", "<IRQ>", "<<EOE>>", "</TASK>", "***".
bool starts_with_mark(std::string_view text) {
  if (text[0] == '[' || text[0] == '<') return text[1] == '<' || text[1] == '/' || text[1] == '#' || is_alpha(text[1]);
  return (text[0] == '-' || text[0] == '=' || text[0] == '*') && text[1] == text[0] && text[2] == text[0];
}

bool is_symbol_char(char c) { return is_word(c) || c == '.' || c == '$'; }

}  // namespace

bool starts_kernel_line(std::string_view text) {
  if (text.size() < 3) return false;
  const auto letter = static_cast<unsigned char>(text[0]);
  if (letter >= by_letter.size()) return false;
  if (!is_alpha(text[0])) return starts_with_mark(text);
  if ((second_letters[letter] >> (text[1] & 63) & 1) == 0) return false;
  const auto [first, end] = by_letter[letter];
  for (std::size_t i = first; i < end; ++i) {
    if (text[1] == words[i][1] && text.starts_with(words[i])) return true;
  }
  return false;
}

bool starts_symbol(std::string_view text) {
  if (consume(text, "?")) text = trim_left(text);
  if (consume(text, ":") && (take_while(text, is_word).empty() || !consume(text, ":"))) return false;
  if (take_while(text, is_symbol_char).empty() || !consume(text, "+")) return false;
  if (!consume(text, "0x")) return !take_while(text, is_digit).empty() && text.starts_with('}');
  return !take_while(text, is_hex).empty() && text.starts_with("/0x");
}

bool ends_in_address(std::string_view text) {
  if (text.ends_with('?')) text = trim_right(text.substr(0, text.size() - 1));
  if (!text.ends_with(">]")) return false;
  text.remove_suffix(2);
  std::size_t digits = 0;
  while (!text.empty() && is_hex(text.back())) text.remove_suffix(1), ++digits;
  return digits >= 8 && digits <= 16 && text.ends_with("[<");
}

int hex_words(std::string_view text, std::size_t width) {
  int count = 0;
  for (text = trim(text); !text.empty(); text = trim_left(text), ++count) {
    const char open = text.front();
    if (open == '<' || open == '(') text.remove_prefix(1);
    if (take_while(text, is_hex).size() != width) return 0;
    if (open == '<' && !consume(text, ">")) return 0;
    if (open == '(' && !consume(text, ")")) return 0;
    if (!text.empty() && !is_space(text.front())) return 0;
  }
  return count;
}

std::string_view last_word(std::string_view text) {
  text = trim_right(text);
  return text.substr(text.rfind(' ') + 1);
}

}  // namespace diag::transport
