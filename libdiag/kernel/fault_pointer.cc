#include "kernel/fault_pointer.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bit>

#include "base/text.h"

namespace diag::kernel {
namespace {

constexpr unsigned bit(Era era) { return 1U << static_cast<unsigned>(era); }

struct Mark {
  std::uint64_t value;
  int bits;             // of the machine; 0: both
  unsigned eras;        // that have it
  std::uint64_t reach;  // a pointer this far off still comes from it
  std::string_view fault_class, name, meaning;
};

constexpr unsigned kOldLists = bit(Era::el4) | bit(Era::el5);                  // no offset: 0x00100100 on every machine
constexpr unsigned kDelta = bit(Era::el6) | bit(Era::el7);                     // 64-bit: 0xdead000000000000 added
constexpr unsigned kNewLists = bit(Era::el7) | bit(Era::el8) | bit(Era::el9);  // 0x100 and 0x200 (0x122)
constexpr unsigned kEvery = ~0U;

constexpr std::string_view kNext = "the mark that list_del leaves in the next pointer of an entry it takes off a list";
constexpr std::string_view kPrev = "the mark that list_del leaves in the prev pointer of an entry it takes off a list";
constexpr std::string_view kTimer = "the mark of a timer that was set up statically and never started";

// From include/linux/poison.h (before: list.h, slab.c) and magic.h of each series.
constexpr auto kMarks = std::to_array<Mark>({
    {0x00100100, 0, kOldLists, 0x800, "poison_list", "LIST_POISON1", kNext},
    {0x00200200, 0, kOldLists, 0x800, "poison_list", "LIST_POISON2", kPrev},
    {0x00100100, 32, bit(Era::el6), 0x800, "poison_list", "LIST_POISON1", kNext},
    {0x00200200, 32, bit(Era::el6), 0x800, "poison_list", "LIST_POISON2", kPrev},
    {0xdead000000100100, 64, kDelta, 0x800, "poison_list", "LIST_POISON1", kNext},
    {0xdead000000200200, 64, kDelta, 0x800, "poison_list", "LIST_POISON2", kPrev},
    {0xdead000000000100, 64, kNewLists, 0x800, "poison_list", "LIST_POISON1", kNext},
    {0xdead000000000200, 64, kNewLists, 0x800, "poison_list", "LIST_POISON2", kPrev},
    {0xdead000000000122, 64, bit(Era::el8) | bit(Era::el9), 0x800, "poison_list", "LIST_POISON2", kPrev},
    {0x74737461, 0, kDelta, 0, "poison_timer", "TIMER_ENTRY_STATIC", kTimer},
    {0xdead000000000300, 64, kNewLists, 0, "poison_timer", "TIMER_ENTRY_STATIC", kTimer},
    {0x57ac6e9d, 0, kDelta | kNewLists, 0x400, "poison_stack_end", "STACK_END_MAGIC",
     "the mark at the far end of every kernel stack"},
});

struct Pattern {
  std::uint8_t byte;
  unsigned eras;
  std::string_view fault_class, name, meaning;
};

constexpr auto kPatterns = std::to_array<Pattern>({
    {0x6b, kEvery, "poison_free", "POISON_FREE", "the filling of a slab object that has been freed"},
    {0x5a, kEvery, "poison_slab", "POISON_INUSE",
     "the filling of a slab object that was handed out and not written yet"},
    {0x5b, kEvery, "poison_free", "JBD_POISON_FREE", "the filling of a journal head that has been freed"},
    {0xa7, kEvery, "poison_free", "POOL_POISON_FREED", "the filling of DMA pool memory that has been freed"},
    {0xa9, kEvery, "poison_slab", "POOL_POISON_ALLOCATED",
     "the filling of DMA pool memory that was handed out and not written yet"},
    {0xaa, ~(kOldLists), "poison_page", "PAGE_POISON", "the filling of a page that has been freed"},
});

constexpr std::array<std::string_view, 134> kErrors{"",
                                                    "EPERM",
                                                    "ENOENT",
                                                    "ESRCH",
                                                    "EINTR",
                                                    "EIO",
                                                    "ENXIO",
                                                    "E2BIG",
                                                    "ENOEXEC",
                                                    "EBADF",
                                                    "ECHILD",
                                                    "EAGAIN",
                                                    "ENOMEM",
                                                    "EACCES",
                                                    "EFAULT",
                                                    "ENOTBLK",
                                                    "EBUSY",
                                                    "EEXIST",
                                                    "EXDEV",
                                                    "ENODEV",
                                                    "ENOTDIR",
                                                    "EISDIR",
                                                    "EINVAL",
                                                    "ENFILE",
                                                    "EMFILE",
                                                    "ENOTTY",
                                                    "ETXTBSY",
                                                    "EFBIG",
                                                    "ENOSPC",
                                                    "ESPIPE",
                                                    "EROFS",
                                                    "EMLINK",
                                                    "EPIPE",
                                                    "EDOM",
                                                    "ERANGE",
                                                    "EDEADLK",
                                                    "ENAMETOOLONG",
                                                    "ENOLCK",
                                                    "ENOSYS",
                                                    "ENOTEMPTY",
                                                    "ELOOP",
                                                    "",
                                                    "ENOMSG",
                                                    "EIDRM",
                                                    "ECHRNG",
                                                    "EL2NSYNC",
                                                    "EL3HLT",
                                                    "EL3RST",
                                                    "ELNRNG",
                                                    "EUNATCH",
                                                    "ENOCSI",
                                                    "EL2HLT",
                                                    "EBADE",
                                                    "EBADR",
                                                    "EXFULL",
                                                    "ENOANO",
                                                    "EBADRQC",
                                                    "EBADSLT",
                                                    "",
                                                    "EBFONT",
                                                    "ENOSTR",
                                                    "ENODATA",
                                                    "ETIME",
                                                    "ENOSR",
                                                    "ENONET",
                                                    "ENOPKG",
                                                    "EREMOTE",
                                                    "ENOLINK",
                                                    "EADV",
                                                    "ESRMNT",
                                                    "ECOMM",
                                                    "EPROTO",
                                                    "EMULTIHOP",
                                                    "EDOTDOT",
                                                    "EBADMSG",
                                                    "EOVERFLOW",
                                                    "ENOTUNIQ",
                                                    "EBADFD",
                                                    "EREMCHG",
                                                    "ELIBACC",
                                                    "ELIBBAD",
                                                    "ELIBSCN",
                                                    "ELIBMAX",
                                                    "ELIBEXEC",
                                                    "EILSEQ",
                                                    "ERESTART",
                                                    "ESTRPIPE",
                                                    "EUSERS",
                                                    "ENOTSOCK",
                                                    "EDESTADDRREQ",
                                                    "EMSGSIZE",
                                                    "EPROTOTYPE",
                                                    "ENOPROTOOPT",
                                                    "EPROTONOSUPPORT",
                                                    "ESOCKTNOSUPPORT",
                                                    "EOPNOTSUPP",
                                                    "EPFNOSUPPORT",
                                                    "EAFNOSUPPORT",
                                                    "EADDRINUSE",
                                                    "EADDRNOTAVAIL",
                                                    "ENETDOWN",
                                                    "ENETUNREACH",
                                                    "ENETRESET",
                                                    "ECONNABORTED",
                                                    "ECONNRESET",
                                                    "ENOBUFS",
                                                    "EISCONN",
                                                    "ENOTCONN",
                                                    "ESHUTDOWN",
                                                    "ETOOMANYREFS",
                                                    "ETIMEDOUT",
                                                    "ECONNREFUSED",
                                                    "EHOSTDOWN",
                                                    "EHOSTUNREACH",
                                                    "EALREADY",
                                                    "EINPROGRESS",
                                                    "ESTALE",
                                                    "EUCLEAN",
                                                    "ENOTNAM",
                                                    "ENAVAIL",
                                                    "EISNAM",
                                                    "EREMOTEIO",
                                                    "EDQUOT",
                                                    "ENOMEDIUM",
                                                    "EMEDIUMTYPE",
                                                    "ECANCELED",
                                                    "ENOKEY",
                                                    "EKEYEXPIRED",
                                                    "EKEYREVOKED",
                                                    "EKEYREJECTED",
                                                    "EOWNERDEAD",
                                                    "ENOTRECOVERABLE",
                                                    "ERFKILL",
                                                    "EHWPOISON"};
// 512 and up: between parts of the kernel only.
constexpr std::array<std::string_view, 6> kRestarts{"ERESTARTSYS", "ERESTARTNOINTR",        "ERESTARTNOHAND",
                                                    "ENOIOCTLCMD", "ERESTART_RESTARTBLOCK", "EPROBE_DEFER"};
constexpr std::array<std::string_view, 8> kNfsErrors{"EBADHANDLE", "ENOTSYNC",     "EBADCOOKIE", "ENOTSUPP",
                                                     "ETOOSMALL",  "ESERVERFAULT", "EBADTYPE",   "EJUKEBOX"};

bool has(unsigned eras, Era era) { return era == Era::unknown || (eras & bit(era)) != 0; }

std::uint64_t apart(std::uint64_t a, std::uint64_t b) { return a > b ? a - b : b - a; }

std::uint64_t fill(std::uint8_t byte, int bits) { return byte * (bits == 64 ? 0x0101010101010101U : 0x01010101U); }

// Letters, digits and what stands between them in names and paths.
bool is_name_char(char c) {
  return is_word(c) || (c != '\0' && std::string_view(" -./:=,@+").find(c) != std::string_view::npos);
}

}  // namespace

Era era_of(std::string_view distribution) {
  if (distribution.size() != 3 || !distribution.starts_with("el")) return Era::unknown;
  switch (distribution[2]) {
    case '4':
      return Era::el4;
    case '5':
      return Era::el5;
    case '6':
      return Era::el6;
    case '7':
      return Era::el7;
    case '8':
      return Era::el8;
    case '9':
      return Era::el9;
    default:
      return Era::unknown;
  }
}

std::optional<Poison> find_poison(std::uint64_t pointer, int bits, Era era) {
  const Mark* best = nullptr;
  for (const auto& mark : kMarks) {
    if ((mark.bits && mark.bits != bits) || !has(mark.eras, era) || apart(pointer, mark.value) > mark.reach) continue;
    if (!best || apart(pointer, mark.value) < apart(pointer, best->value)) best = &mark;
  }
  if (best) return Poison{best->fault_class, best->name, best->meaning, best->value};
  for (const auto& p : kPatterns) {
    const auto value = fill(p.byte, bits);
    if (has(p.eras, era) && apart(pointer, value) <= 0x1000) return Poison{p.fault_class, p.name, p.meaning, value};
  }
  return std::nullopt;
}

std::optional<unsigned> error_number(std::uint64_t pointer, int bits) {
  if (bits != 32 && bits != 64) return std::nullopt;
  const auto number = bits == 64 ? 0 - pointer : static_cast<std::uint32_t>(0 - pointer);
  if (number < 1 || number > 4095 || (bits == 32 && pointer >> 32)) return std::nullopt;
  return static_cast<unsigned>(number);
}

std::string_view error_name(unsigned number) {
  if (number < kErrors.size()) return kErrors[number];
  if (number >= 512 && number - 512 < kRestarts.size()) return kRestarts[number - 512];
  if (number >= 521 && number - 521 < kNfsErrors.size()) return kNfsErrors[number - 521];
  return {};
}

std::optional<std::string> pointer_text(std::uint64_t pointer, int bits) {
  std::string text;
  for (int i = 0; i < bits / 8; ++i) text.push_back(static_cast<char>(pointer >> 8 * i & 0xff));
  const bool six = bits == 64 && pointer >> 48 == 0;
  if (six) text.resize(6);
  const bool short_text = bits == 32 || six;
  const auto accept = [&](char c) { return short_text ? is_name_char(c) : c >= 0x20 && c <= 0x7e; };
  const bool all = std::ranges::all_of(text, accept);
  const bool mixed = std::ranges::any_of(text, [&](char c) { return c != text.front(); });
  const bool program = six && pointer >> 32 == 0x5555;  // where programs lie without address randomization
  if (!all || !mixed || program) return std::nullopt;
  return text;
}

std::string show(std::uint64_t value, int bits) {
  if (value < 0x1000) return fmt::format("{:#x}", value);
  return bits == 32 ? fmt::format("0x{:08x}", value) : fmt::format("0x{:016x}", value);
}

}  // namespace diag::kernel
