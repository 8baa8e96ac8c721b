#include "kernel/fault_scene.h"

#include <algorithm>
#include <array>

namespace diag::kernel {
namespace {

bool has_register(const KernelReport& r, std::initializer_list<std::string_view> names) {
  return std::ranges::any_of(names, [&](auto name) { return r.reg(name) != nullptr; });
}

constexpr std::size_t kUnmarked = 20;

// EL4 and EL5 x86_64 print 20 bytes from the instruction pointer on, no mark among them. Where the series is not known
// the count must be right: fewer may be what is left of a longer line.
bool starts_at_ip(const KernelReport& r, Era era) {
  const auto& code = *r.code;
  if (code.marked || code.at != 0 || code.bytes.size() > kUnmarked) return false;
  if (era == Era::el4 || era == Era::el5) return true;
  const bool may_be_old = r.release.empty() || r.release.starts_with("2.6.9") || r.release.starts_with("2.6.18");
  return era == Era::unknown && may_be_old && code.bytes.size() == kUnmarked;
}

std::optional<x86::Mode> mode_of(const KernelReport& r, Era era) {
  constexpr std::array<std::string_view, 5> kNarrow{"i386", "i486", "i586", "i686", "x86"};
  if (r.arch == "x86_64" || r.arch == "amd64") return x86::Mode::bits64;
  if (std::ranges::find(kNarrow, r.arch) != kNarrow.end()) return x86::Mode::bits32;
  if (!r.arch.empty()) return std::nullopt;
  if (has_register(r, {"rip", "rsp", "rax", "rdi"})) return x86::Mode::bits64;
  if (has_register(r, {"eip", "esp", "eax", "edi"})) return x86::Mode::bits32;
  if (r.word_bits == 64 && r.code && starts_at_ip(r, era)) return x86::Mode::bits64;
  return std::nullopt;
}

bool stores_low_byte_first(std::string_view arch) {
  return !arch.starts_with("s390") && !arch.starts_with("sparc") && arch != "ppc64" && arch != "ppc";
}

int bits_of(const KernelReport& r, std::optional<x86::Mode> mode) {
  if (mode) return *mode == x86::Mode::bits64 ? 64 : 32;
  return r.word_bits == 32 || r.word_bits == 64 ? r.word_bits : 0;
}

std::optional<std::uint64_t> register_value(const KernelReport& r, std::string_view name) {
  const auto* reg = r.reg(name);
  return reg ? std::optional(diag::value(reg->value)) : std::nullopt;
}

std::optional<std::uint64_t> instruction_pointer(const KernelReport& r, x86::Mode mode) {
  if (const auto ip = register_value(r, mode == x86::Mode::bits64 ? "rip" : "eip")) return ip;
  if (!r.function || !r.function_is_ip || !r.function->address) return std::nullopt;
  return diag::value(*r.function->address);
}

// A kernel stack lies at a 48-bit address unless the machine runs with five levels of page tables.
int canonical_bits_of(const Scene& s) {
  for (const auto v : {s.sp, s.value("gs")}) {
    if (v && *v >> 56 == 0xff && *v >> 47 != 0x1ffff) return 57;
  }
  return 48;
}

void read_addresses(Scene& s) {
  const auto& fault = s.report->fault;
  if (fault.address) s.address = diag::value(*fault.address);
  s.cr2 = s.value("cr2");
  if (s.mode && s.trap == Trap::unknown && fault.error) s.trap = Trap::page;  // only those print "Oops:" on x86
  if (s.trap == Trap::page) {
    if (!s.address) s.address = s.cr2;
    if (s.mode && fault.error) s.code = PageFaultCode{*fault.error};
  }
  // What stands beside another trap is its cause only if it could be; CR2 is left from an older page fault.
  if (s.trap == Trap::page || !s.address) return;
  const bool could_be = s.trap == Trap::double_fault || !s.is_canonical(*s.address);
  if (s.address == s.cr2 || !could_be) s.address.reset();
}

void read_instruction(Scene& s) {
  const auto bytes = code_from_fault(*s.report, s.era);
  if (bytes.empty()) return;
  if (auto one = x86::decode(bytes, *s.mode, s.ip)) s.instruction = std::move(*one);
}

}  // namespace

Trap trap_of(std::string_view kind) {
  struct Row {
    std::string_view kind;
    Trap trap;
  };
  static constexpr auto kRows = std::to_array<Row>({
      {"null_deref", Trap::page},
      {"paging_request", Trap::page},
      {"gpf", Trap::protection},
      {"stack_segment", Trap::protection},
      {"divide_error", Trap::divide},
      {"invalid_opcode", Trap::invalid},
      {"bug", Trap::invalid},
      {"list_corruption", Trap::invalid},
      {"usercopy", Trap::invalid},
      {"double_fault", Trap::double_fault},
      {"stack_overflow", Trap::double_fault},
      {"oops", Trap::unknown},
      {"panic", Trap::unknown},
  });
  const auto at = std::ranges::find(kRows, kind, &Row::kind);
  return at == kRows.end() ? Trap::none : at->trap;
}

std::optional<std::uint64_t> Scene::value(std::string_view reg) const {
  if (const auto v = register_value(*report, reg)) return v;
  if (reg == "r8") return register_value(*report, "r08");
  if (reg == "r9") return register_value(*report, "r09");
  if (reg == "rip" || reg == "eip") return ip;
  return std::nullopt;
}

std::optional<std::uint64_t> Scene::effective(const x86::MemoryOperand& operand) const {
  const auto next = ip && instruction ? std::optional(*ip + instruction->length) : std::nullopt;
  return x86::effective_address(operand, *mode, [this](std::string_view name) { return value(name); }, next);
}

bool Scene::is_canonical(std::uint64_t v) const {
  if (bits != 64 || !mode) return true;
  const auto top = v >> (canonical_bits - 1);
  return top == 0 || top == ~std::uint64_t{0} >> (canonical_bits - 1);
}

bool Scene::is_user(std::uint64_t v) const {
  if (!mode) return false;
  if (bits == 64) return v >> (canonical_bits - 1) == 0;
  const bool whole_space = report->release.find("hugemem") != std::string::npos;  // EL4: 4 GB for each side
  return !whole_space && v < 0xc0000000U;
}

bool Scene::is_kernel(std::uint64_t v) const {
  if (!mode) return false;
  return bits == 64 ? is_canonical(v) && v >> 63 : !is_user(v);
}

bool Scene::is_module(std::uint64_t v) const {
  if (!mode || bits != 64) return false;
  std::uint64_t begin = 0xffffffffc0000000;  // kernels that may be loaded anywhere in the GB below
  if (era == Era::el5 || era == Era::el4) begin = 0xffffffff88000000;
  if (era == Era::el6) begin = 0xffffffffa0000000;
  return v >= begin && v < 0xffffffffff000000;
}

std::string Scene::function() const {
  if (!report->function || !report->function_is_ip) return {};
  const auto& symbol = report->function->symbol;
  return symbol.module.empty() ? symbol.name : symbol.module + ":" + symbol.name;
}

bool Scene::at_last_byte() const {
  const auto& f = report->function;
  return f && report->function_is_ip && f->offset && f->size && *f->size > 0 && *f->offset == *f->size - 1;
}

std::string plain_register(std::string_view name) {
  if (name == "r08") return "r8";
  if (name == "r09") return "r9";
  return std::string(name);
}

Scene read_scene(std::string_view kind, const KernelReport& report) {
  Scene s;
  s.report = &report;
  s.trap = trap_of(kind);
  s.era = era_of(report.distribution);
  s.mode = mode_of(report, s.era);
  s.bits = bits_of(report, s.mode);
  if (s.mode) {
    s.ip = instruction_pointer(report, *s.mode);
    s.sp = register_value(report, *s.mode == x86::Mode::bits64 ? "rsp" : "esp");
    s.canonical_bits = canonical_bits_of(s);
  }
  if (s.bits && !report.stack.empty() && stores_low_byte_first(report.arch)) s.stack = read_stack(report.stack, s.bits);
  if (s.trap == Trap::none) return s;
  read_addresses(s);
  if (s.mode) read_instruction(s);
  return s;
}

Bytes code_from_fault(const KernelReport& report, Era era) {
  if (!report.code || report.code->at >= report.code->bytes.size()) return {};
  if (!report.code->marked && !starts_at_ip(report, era)) return {};
  return {report.code->bytes.begin() + static_cast<std::ptrdiff_t>(report.code->at), report.code->bytes.end()};
}

}  // namespace diag::kernel
