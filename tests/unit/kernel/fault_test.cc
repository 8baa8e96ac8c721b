#include "kernel/fault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "base/text.h"

namespace diag::kernel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Bytes bytes_of(std::string_view hex) {
  Bytes out;
  std::istringstream in{std::string(hex)};
  for (std::string word; in >> word;) out.push_back(static_cast<std::uint8_t>(*parse_hex(word)));
  return out;
}

using Registers = std::vector<std::pair<std::string, std::uint64_t>>;

// A report as the parsers would fill it.
struct Made {
  std::string kind;
  KernelReport report;
  Event event;

  Made(std::string k, std::string distribution, std::string arch = "x86_64") : kind(std::move(k)) {
    report.distribution = std::move(distribution);
    report.arch = std::move(arch);
    report.word_bits = report.arch == "i386" ? 32 : 64;
  }
  Made& code(std::string_view hex) {
    const bool unmarked = report.arch == "x86_64" && (report.distribution == "el5" || report.distribution == "el4");
    report.code = CodeBytes{bytes_of(hex), 0, !unmarked};
    report.code_line = 57;
    return *this;
  }
  Made& regs(const Registers& values) {
    for (const auto& [name, value] : values) report.registers.push_back({name, Addr{value}});
    return *this;
  }
  Made& at(std::uint64_t address) {
    report.fault.address = Addr{address};
    return *this;
  }
  Made& error(std::uint64_t bits) {
    report.fault.error = bits;
    return *this;
  }
  Made& ip(std::string name, std::optional<std::uint64_t> address, std::optional<std::uint64_t> offset = std::nullopt,
           std::optional<std::uint64_t> size = std::nullopt) {
    Frame f;
    f.symbol.name = std::move(name);
    if (address) f.address = Addr{*address};
    f.offset = offset;
    f.size = size;
    f.line = 58;
    report.function = std::move(f);
    report.function_is_ip = true;
    return *this;
  }
  Made& stack(std::vector<std::uint64_t> words) {
    report.stack = std::move(words);
    report.stack_line = 2;
    return *this;
  }
  Made& explain() {
    explain_fault(kind, report, event);
    return *this;
  }

  std::string text(std::string_view field) const {
    const auto* v = event.get<std::string>(field);
    return v ? *v : "";
  }
  std::string klass() const { return text("fault.class"); }
  std::optional<std::uint64_t> address() const {
    const auto* v = event.get<Addr>("fault.address");
    return v ? std::optional(value(*v)) : std::nullopt;
  }
  const std::string& why() const { return report.fault.explanation; }
};

// ---- The published trace: CentOS 5, header and registers cut off.

Made published() {
  Made m("oops", "", "");
  m.report.code = CodeBytes{bytes_of("c3 41 56 41 55 41 54 55 48 89 fd 53 8b 87 88 00 00 00 89 c2"), 0, false};
  m.report.code_line = 57;
  m.ip("icmp_send", 0xffffffff80268427, 0x5bf, 0x5c0).regs({{"rsp", 0xffff810107bb7830}});
  m.stack({0x0001d7000001d600, 0x0001d9000001d800, 0x0001db000001da00, 0x0001dd000001dc00, 0x0001df000001de00,
           0x0001e1000001e000, 0x0001e3000001e200, 0x0001e5000001e400, 0x0001e7000001e600, 0x0001e9000001e800,
           0xffff81020001ea00, 0xffff8101fe5d8bc0});
  return m;
}

TEST(PublishedTrace, Facts) {
  const auto m = published().explain();
  EXPECT_EQ(m.text("fault.instruction"), "ret");
  EXPECT_EQ(m.report.fault.instruction, "ret");
  EXPECT_EQ(m.klass(), "smashed_return");
  EXPECT_EQ(m.text("fault.access"), "execute");
  EXPECT_EQ(*m.event.get<bool>("function.last_byte"), true);
  EXPECT_EQ(value(*m.event.get<Addr>("stack.top")), 0x0001d7000001d600U);
  EXPECT_EQ(*m.event.get<double>("stack.run"), 20.0);
  EXPECT_EQ(*m.event.get<bool>("stack.torn_pointer"), true);
  EXPECT_EQ(m.event.find("stack.ascii"), nullptr);
  EXPECT_EQ(m.event.get<Bytes>("code")->size(), 20U);
  EXPECT_EQ(m.event.get<Bytes>("code")->front(), 0xc3);
  EXPECT_EQ(m.event.find("fault.address"), nullptr);
  EXPECT_EQ(m.event.find("fault.register"), nullptr);
  EXPECT_FALSE(m.report.fault.address);
}

TEST(PublishedTrace, Explanation) {
  const auto m = published().explain();
  EXPECT_EQ(m.why(),
            "RET at the last byte of icmp_send popped 0x0001d7000001d600, which is no canonical address: the return "
            "address had been overwritten by data (the words above it are a run of 32-bit counters 0x1d6, 0x1d7, ... "
            "each 1 more than the one before; it ends in the middle of a kernel pointer, 0xffff81020001ea00).");
  EXPECT_EQ(m.text("fault.explanation"), m.why());
}

TEST(PublishedTrace, Lines) {
  const auto m = published().explain();
  EXPECT_EQ(m.event.field("function.last_byte")->line, 58U);
  EXPECT_EQ(m.event.field("stack.top")->line, 2U);
  EXPECT_EQ(m.event.field("code")->line, 57U);
  EXPECT_EQ(m.event.field("fault.instruction")->line, 57U);
  EXPECT_EQ(m.event.field("fault.explanation")->line, 0U);
}

TEST(PublishedTrace, NoRegistersAtAll) {
  auto m = published();
  m.report.registers.clear();
  EXPECT_EQ(m.explain().klass(), "smashed_return");
}

TEST(PublishedTrace, WithASaneReturnAddress) {
  auto m = published();
  m.report.stack = {0xffffffff88665bab, 0, 1, 0xffff8101fe5d8bc0};
  m.explain();
  EXPECT_EQ(m.klass(), "");
  EXPECT_EQ(m.why(), "");
  EXPECT_EQ(m.text("fault.instruction"), "ret");
  EXPECT_EQ(*m.event.get<double>("stack.run"), 0.0);
  EXPECT_EQ(*m.event.get<bool>("stack.torn_pointer"), false);
}

TEST(PublishedTrace, BeforeTheLastByte) {
  auto m = published();
  m.report.function->offset = 0x5be;
  m.explain();
  EXPECT_EQ(*m.event.get<bool>("function.last_byte"), false);
  EXPECT_THAT(m.why(), HasSubstr("RET in icmp_send popped"));
}

// ---- Every class, with hits and near misses by era.

struct Expected {
  std::string_view fault_class, reg, access;
  std::string_view part;  // of the explanation
};

void expect(const Made& m, const Expected& e, const char* where) {
  SCOPED_TRACE(where);
  SCOPED_TRACE(m.why());
  EXPECT_EQ(m.klass(), e.fault_class);
  EXPECT_EQ(m.text("fault.register"), e.reg);
  EXPECT_EQ(m.text("fault.access"), e.access);
  EXPECT_THAT(m.why(), HasSubstr(std::string(e.part)));
}
#define EXPECT_FAULT(made, ...) expect((made).explain(), Expected{__VA_ARGS__}, #made)

constexpr std::uint64_t minus(std::uint64_t n) { return 0 - n; }

TEST(NullOffset, ByEra) {
  EXPECT_FAULT(Made("null_deref", "el5").code("48 8b 47 10 c3").regs({{"rdi", 0}}).at(0x10).error(0), "null_offset",
               "rdi", "read",
               "mov rax, [rdi+0x10] tried to read 0x10: rdi is 0, a null pointer, and the offset from it is 0x10.");
  EXPECT_FAULT(Made("null_deref", "el6").code("48 89 42 08").regs({{"rdx", 0}, {"rax", 5}}).at(8).error(2),
               "null_offset", "rdx", "write", "mov [rdx+0x8], rax tried to write to 0x8");
  EXPECT_FAULT(Made("null_deref", "el8").code("48 8b 00").regs({{"rax", 0}}).at(0).error(0), "null_offset", "rax",
               "read", "rax is 0, a null pointer.");
  EXPECT_FAULT(Made("null_deref", "el5", "i386").code("8b 40 04").regs({{"eax", 0}}).at(4).error(0), "null_offset",
               "eax", "read", "eax is 0, a null pointer");
  EXPECT_FAULT(Made("null_deref", "el7").code("48 8b 47 10").regs({{"rdi", 8}}).at(0x18).error(0), "null_offset", "rdi",
               "read", "rdi is 0x8, a null pointer with 0x8 added.");
  // far into a big object: the kernel calls it a paging request
  EXPECT_FAULT(Made("paging_request", "el7").code("48 8b 87 00 20 00 00").regs({{"rdi", 0}}).at(0x2000).error(0),
               "null_offset", "rdi", "read", "the offset from it is 0x2000");
  // without instruction or registers
  EXPECT_FAULT(Made("null_deref", "el5").at(0x88).error(2), "null_offset", "", "write",
               "The kernel tried to write to 0x88: a null pointer with 0x88 added.");
  EXPECT_FAULT(Made("null_deref", "el7").at(0), "null_offset", "", "", "The kernel tried to use 0x0: a null pointer.");
  EXPECT_FAULT(Made("null_deref", "el7", "ppc64").at(0x10), "null_offset", "", "", "a null pointer with 0x10 added");
}

TEST(NullOffset, NearMisses) {
  // the registers contradict: another address faulted than the instruction names
  EXPECT_FAULT(Made("null_deref", "el6").code("48 8b 47 10").regs({{"rdi", 0xffff880000001000}}).at(0x18).error(0),
               "null_offset", "", "read", "The kernel tried to read 0x18");
  EXPECT_FAULT(Made("paging_request", "el6")
                   .code("48 8b 47 10")
                   .regs({{"rdi", 0xffff880000001000}})
                   .at(0xffff880000001010)
                   .error(0),
               "", "rdi", "read", "no page is mapped there");
  // a second null pointer in the registers proves nothing
  EXPECT_FAULT(Made("paging_request", "el6").code("48 8b 47 10").regs({{"rax", 0}}).at(0xffff880000001010).error(0), "",
               "", "read", "no page is mapped there");
}

TEST(ErrorPointer, ByEra) {
  EXPECT_FAULT(Made("null_deref", "el5").code("48 8b 47 18").regs({{"rdi", minus(2)}}).at(0x16).error(0), "err_ptr",
               "rdi", "read", "rdi is 0xfffffffffffffffe, the error number -2 (-ENOENT) used as a pointer.");
  EXPECT_FAULT(Made("paging_request", "el6").code("48 8b 00").regs({{"rax", minus(12)}}).at(minus(12)).error(0),
               "err_ptr", "rax", "read", "the error number -12 (-ENOMEM)");
  EXPECT_FAULT(Made("paging_request", "el8").code("48 8b 47 04").regs({{"rdi", minus(512)}}).at(minus(508)).error(0),
               "err_ptr", "rdi", "read", "ERESTARTSYS");
  EXPECT_FAULT(
      Made("paging_request", "el5", "i386").code("8b 40 04").regs({{"eax", 0xffffffea}}).at(0xffffffee).error(0),
      "err_ptr", "eax", "read", "eax is 0xffffffea, the error number -22 (-EINVAL)");
  EXPECT_FAULT(Made("paging_request", "el7").code("48 8b 00").regs({{"rax", minus(3001)}}).at(minus(3001)).error(0),
               "err_ptr", "rax", "read", "a small negative number (-3001)");
}

TEST(ErrorPointer, OrAMemberTakenOff) {
  // -16 may be either
  EXPECT_FAULT(Made("null_deref", "el6").code("48 8b 47 18").regs({{"rdi", minus(16)}}).at(8).error(0), "err_ptr",
               "rdi", "read", "the error number -16 (-EBUSY) used as a pointer, or a null pointer with 0x10 taken off");
  // the member that was taken off is the one that is read
  EXPECT_FAULT(Made("null_deref", "el6").code("48 8b 47 10").regs({{"rdi", minus(16)}}).at(0).error(0), "null_offset",
               "rdi", "read", "a null pointer with 0x10 taken off");
  // no such error number
  EXPECT_FAULT(Made("paging_request", "el6").code("48 8b 07").regs({{"rdi", minus(0xc8)}}).at(minus(0xc8)).error(0),
               "null_offset", "rdi", "read", "a null pointer with 0xc8 taken off");
  // nothing but the address
  EXPECT_FAULT(Made("paging_request", "el6").at(minus(2)).error(0), "", "", "read",
               "it lies 0x2 below the end of the address space");
}

TEST(PoisonList, ByEra) {
  const auto deleted = [](const char* era, std::uint64_t mark, const char* kind) {
    return Made(kind, era).code("48 89 50 08").regs({{"rax", mark}, {"rdx", 0xffff810000000000}});  // mov [rax+8], rdx
  };
  EXPECT_FAULT(deleted("el5", 0x00100100, "paging_request").at(0x00100108).error(2), "poison_list", "rax", "write",
               "rax is 0x0000000000100100, LIST_POISON1, the mark that list_del leaves in the next pointer");
  EXPECT_FAULT(deleted("el6", 0xdead000000100100, "gpf"), "poison_list", "rax", "write", "LIST_POISON1");
  EXPECT_FAULT(deleted("el7", 0xdead000000200200, "gpf"), "poison_list", "rax", "write", "LIST_POISON2");
  EXPECT_FAULT(deleted("el8", 0xdead000000000200, "gpf"), "poison_list", "rax", "write", "LIST_POISON2");
  EXPECT_FAULT(deleted("el9", 0xdead000000000122, "gpf").at(0xdead00000000012a), "poison_list", "rax", "write",
               "LIST_POISON2");
  EXPECT_FAULT(
      Made("paging_request", "el5", "i386").code("89 50 04").regs({{"eax", 0x00200200}}).at(0x00200204).error(2),
      "poison_list", "eax", "write", "eax is 0x00200200, LIST_POISON2");
  // an object around the entry
  EXPECT_FAULT(Made("gpf", "el6").code("48 8b 43 20").regs({{"rbx", 0xdead0000001000f0}}), "poison_list", "rbx", "read",
               "close to LIST_POISON1 (0xdead000000100100)");
  // no instruction
  EXPECT_FAULT(Made("paging_request", "el5").at(0x00100100).error(2), "poison_list", "", "write",
               "The kernel tried to write to 0x0000000000100100: that is LIST_POISON1");
  EXPECT_FAULT(Made("paging_request", "el5", "ppc64").at(0x00100100), "poison_list", "", "", "LIST_POISON1");
}

TEST(PoisonList, NearMisses) {
  EXPECT_FAULT(Made("paging_request", "el8").code("48 89 50 08").regs({{"rax", 0x00100100}}).at(0x00100108).error(2),
               "user_address", "rax", "write", "user space");
  EXPECT_FAULT(Made("gpf", "el5").code("48 89 50 08").regs({{"rax", 0xdead000000100100}}), "non_canonical", "rax",
               "write", "no canonical address");
  EXPECT_FAULT(Made("paging_request", "el5").code("48 89 50 08").regs({{"rax", 0x00150000}}).at(0x00150008).error(2),
               "user_address", "rax", "write", "");
}

TEST(PoisonPatterns, Classes) {
  EXPECT_FAULT(Made("gpf", "el5").code("48 8b 47 10").regs({{"rdi", 0x6b6b6b6b6b6b6b6b}}), "poison_free", "rdi", "read",
               "POISON_FREE, the filling of a slab object that has been freed");
  EXPECT_FAULT(
      Made("paging_request", "el5", "i386").code("8b 40 04").regs({{"eax", 0x6b6b6b6b}}).at(0x6b6b6b6f).error(0),
      "poison_free", "eax", "read", "POISON_FREE");
  EXPECT_FAULT(Made("gpf", "el7").code("48 8b 47 10").regs({{"rdi", 0x5a5a5a5a5a5a5a5a}}), "poison_slab", "rdi", "read",
               "POISON_INUSE");
  EXPECT_FAULT(Made("gpf", "el7").code("48 8b 47 10").regs({{"rdi", 0xaaaaaaaaaaaaaaaa}}), "poison_page", "rdi", "read",
               "PAGE_POISON");
  EXPECT_FAULT(
      Made("paging_request", "el6").code("48 89 02").regs({{"rdx", 0x74737461}, {"rax", 0}}).at(0x74737461).error(2),
      "poison_timer", "rdx", "write", "TIMER_ENTRY_STATIC");
  EXPECT_FAULT(Made("paging_request", "el6").code("48 8b 00").regs({{"rax", 0x57ac6e9d}}).at(0x57ac6e9d).error(0),
               "poison_stack_end", "rax", "read", "STACK_END_MAGIC");
  // as an index
  EXPECT_FAULT(Made("paging_request", "el6")
                   .code("48 8b 0c c8")
                   .regs({{"rax", 0xffff880000000000}, {"rcx", 0x6b6b6b6b}})
                   .at(0xffff880000000000 + 8 * 0x6b6b6b6bULL)
                   .error(0),
               "poison_free", "rcx", "read", "the index rcx is 0x000000006b6b6b6b, POISON_FREE");
  // near miss: only half of it
  EXPECT_FAULT(Made("gpf", "el5").code("48 8b 47 10").regs({{"rdi", 0x6b6b6b6b00000000}}), "non_canonical", "rdi",
               "read", "");
}

TEST(NonCanonical, HitsAndMisses) {
  EXPECT_FAULT(Made("gpf", "el6").code("48 8b 47 10").regs({{"rdi", 0x0de10b0000400201}}), "non_canonical", "rdi",
               "read",
               "mov rax, [rdi+0x10] tried to read 0x0de10b0000400211: rdi is 0x0de10b0000400201, which is no canonical "
               "address.");
  EXPECT_FAULT(Made("gpf", "el8").code("f3 48 a5").regs({{"rdi", 0xffff888000000000}, {"rsi", 0x12f4888000000003}}),
               "non_canonical", "rsi", "read", "rep movsq");
  EXPECT_FAULT(Made("stack_segment", "el7").code("c9").regs({{"rbp", 0x0102030400000001}}), "non_canonical", "rbp",
               "read", "leave tried");
  EXPECT_FAULT(Made("gpf", "el7").code("48 8b 0c c8").regs({{"rax", 0xffff880000000000}, {"rcx", 0x0000400000000000}}),
               "non_canonical", "rcx", "read", "and no canonical address comes of it");
  // the base and the index of an address have no order
  EXPECT_FAULT(Made("gpf", "el7").code("48 8b 0c 08").regs({{"rax", 0x10}, {"rcx", 0x0de10b0000400201}}),
               "non_canonical", "rcx", "read", "rcx is 0x0de1");
  // only the header names the address
  EXPECT_FAULT(Made("gpf", "el9").at(0x0de10b0000400201), "non_canonical", "", "",
               "The kernel tried to use 0x0de10b0000400201, which is no canonical address.");
  // all operands are fine, or not known
  EXPECT_FAULT(Made("gpf", "el6").code("48 8b 47 10").regs({{"rdi", 0xffff880000000000}}), "", "", "", "");
  EXPECT_FAULT(Made("gpf", "el6").code("48 8b 47 10").regs({{"rsi", 0x0de10b0000400201}}), "", "", "", "");
}

TEST(NonCanonical, FiveLevelPageTables) {
  const auto load = [](std::uint64_t rsp) {
    return Made("gpf", "el8").code("48 8b 47 10").regs({{"rdi", 0xff11000000000000}, {"rsp", rsp}});
  };
  EXPECT_FAULT(load(0xff4cd59e5d05bb90), "", "", "", "");
  EXPECT_FAULT(load(0xffffc9000001bb90), "non_canonical", "rdi", "read", "");
}

TEST(Kasan, ItsCheckIsNotTheBadPointer) {
  const auto check = [](std::uint64_t rcx) {  // movzx eax, byte ptr [rcx+rax*1]
    return Made("gpf", "el8").code("0f b6 04 01").regs({{"rax", 0xdffffc0000000000}, {"rcx", rcx}});
  };
  EXPECT_FAULT(check(0x85), "null_offset", "", "",
               "KASAN was about to check an access at 0x428 or up to 7 bytes on: a null pointer with 0x428 added.");
  EXPECT_FAULT(check(0x6b6b6b6b6b6b6b6b >> 3), "poison_free", "", "", "POISON_FREE");
  EXPECT_FAULT(check(0x123456), "user_address", "", "",
               "at 0x000000000091a2b0 or up to 7 bytes on: the address belongs to user");
  EXPECT_FAULT(check(0x0123456712345678), "non_canonical", "", "", "or up to 7 bytes on.");
  EXPECT_FAULT(Made("gpf", "el8").code("0f b6 04 01").regs({{"rax", 0xdffffc0000000001}, {"rcx", 0x85}}),
               "non_canonical", "rax", "read", "");
}

TEST(UserAddress, HitsAndMisses) {
  EXPECT_FAULT(Made("paging_request", "el5")
                   .code("48 8b 47 10")
                   .regs({{"rdi", 0x00007fff12345000}})
                   .at(0x00007fff12345010)
                   .error(0),
               "user_address", "rdi", "read", "rdi is 0x00007fff12345000; the address belongs to user space.");
  EXPECT_FAULT(
      Made("paging_request", "el6", "i386").code("8b 40 04").regs({{"eax", 0xbf001000}}).at(0xbf001004).error(0),
      "user_address", "eax", "read", "");
  EXPECT_FAULT(
      Made("paging_request", "el6", "i386").code("8b 40 04").regs({{"eax", 0xf7001000}}).at(0xf7001004).error(0), "",
      "eax", "read", "no page is mapped there");
  auto hugemem =
      Made("paging_request", "el4", "i386").code("8b 40 04").regs({{"eax", 0x81001000}}).at(0x81001004).error(0);
  hugemem.report.release = "2.6.9-89.ELhugemem";
  EXPECT_FAULT(hugemem, "", "eax", "read", "no page is mapped there");
}

TEST(AsciiPointer, HitsAndMisses) {
  EXPECT_FAULT(Made("gpf", "el5").code("48 8b 47 10").regs({{"rdi", 0x6164732f7665642f}}), "ascii_pointer", "rdi",
               "read", "rdi is 0x6164732f7665642f, the text \"/dev/sda\"");
  EXPECT_FAULT(
      Made("paging_request", "el6", "i386").code("8b 40 04").regs({{"eax", 0x65646f6e}}).at(0x65646f72).error(0),
      "ascii_pointer", "eax", "read", "\"node\"");
  EXPECT_FAULT(Made("paging_request", "el7")
                   .code("48 8b 47 10")
                   .regs({{"rdi", 0x0000656d616e7274}})
                   .at(0x0000656d616e7284)
                   .error(0),
               "ascii_pointer", "rdi", "read", "\"trname\"");
  EXPECT_FAULT(Made("gpf", "el5").code("48 8b 47 10").regs({{"rdi", 0x6164732f7665640a}}), "non_canonical", "rdi",
               "read", "");
}

TEST(SingleBit, HitsAndMisses) {
  const auto load = [](std::uint64_t rdi, std::uint64_t rbx) {
    return Made("gpf", "el6").code("48 8b 47 10").regs({{"rdi", rdi}, {"rbx", rbx}});
  };
  EXPECT_FAULT(
      load(0xff7f8801fe5d8bc0, 0xffff8801fe5d8bc0), "single_bit", "rdi", "read",
      "rdi is 0xff7f8801fe5d8bc0, the value of rbx (0xffff8801fe5d8bc0) but for bit 55: this may be bad memory");
  EXPECT_FAULT(load(0xffff0801fe5d8bc0, 0xffff8801aa000000), "single_bit", "rdi", "read",
               "a kernel address close to rbx (0xffff8801fe5d8bc0) but for bit 47");
  EXPECT_FAULT(load(0xffff0801fe5d8bc0, 0xffff8901fe5d8bc0), "non_canonical", "rdi", "read", "");  // no neighbour
  EXPECT_FAULT(load(0xff3f8801fe5d8bc0, 0xffff8801fe5d8bc0), "non_canonical", "rdi", "read", "");  // two bits
  // a page fault: the twin lies far away, not in the next object
  const auto fault = [](std::uint64_t rdi, std::uint64_t twin) {
    return Made("paging_request", "el5").code("48 8b 07").regs({{"rdi", rdi}}).stack({0, twin}).at(rdi).error(0);
  };
  EXPECT_FAULT(fault(0xffff8901fe5d8bc0, 0xffff8101fe5d8bc0), "single_bit", "rdi", "read", "a word on the stack");
  EXPECT_FAULT(fault(0xffff8101fe5d8bc0, 0xffff8101fe5d8b80), "", "rdi", "read", "");
  EXPECT_FAULT(fault(0x0000000100000000, 0), "user_address", "rdi", "read", "");  // null is no witness
}

TEST(FreedModule, HitsAndMisses) {
  const auto call = [](const char* era, std::uint64_t ip) {
    return Made("paging_request", era).ip("", ip).at(ip).error(0x10);
  };
  EXPECT_FAULT(call("el5", 0xffffffff88665bab), "freed_module", "", "execute",
               "The CPU was sent to 0xffffffff88665bab: that is where modules are loaded");
  EXPECT_FAULT(call("el6", 0xffffffffa0665bab), "freed_module", "", "execute", "");
  EXPECT_FAULT(call("el8", 0xffffffffc0665bab), "freed_module", "", "execute", "");
  EXPECT_FAULT(call("el6", 0xffffffff88665bab), "rip_in_data", "", "execute", "no code is there");
  EXPECT_FAULT(call("el8", 0xffffffffa0665bab), "rip_in_data", "", "execute", "");
  EXPECT_FAULT(Made("paging_request", "el6")
                   .code("48 8b 07")
                   .regs({{"rdi", 0xffffffffa0665000}})
                   .at(0xffffffffa0665000)
                   .error(0),
               "freed_module", "rdi", "read", "memory of an unloaded module");
  // the module is there: its function has a name
  EXPECT_FAULT(
      Made("paging_request", "el6").ip("br_init", 0xffffffffa0665bab, 0, 16).at(0xffffffffa0665bab).error(0x10), "", "",
      "execute", "The CPU was sent to 0xffffffffa0665bab.");
}

TEST(Fetch, ZeroAndData) {
  EXPECT_FAULT(Made("null_deref", "el5").ip("", 0).at(0).error(0x10), "rip_zero", "", "execute",
               "The CPU was sent to 0x0: a function pointer was null.");
  EXPECT_FAULT(Made("null_deref", "el5", "i386").ip("", 0).at(0).error(0), "rip_zero", "", "execute", "");
  EXPECT_FAULT(Made("oops", "el6").ip("", 0), "rip_zero", "", "execute", "");
  EXPECT_FAULT(Made("null_deref", "el7").regs({{"rip", 0}}), "rip_zero", "", "execute", "");
  EXPECT_FAULT(Made("null_deref", "el6").ip("", 0x18).at(0x18).error(0x10), "rip_in_data", "", "execute",
               "a function pointer held a small number");
  EXPECT_FAULT(Made("paging_request", "el6").ip("", minus(22)).at(minus(22)).error(0x10), "err_ptr", "", "execute",
               "a function pointer held the error number -22 (-EINVAL)");
  EXPECT_FAULT(
      Made("paging_request", "el6").ip("", 0xffff880012345000).at(0xffff880012345000).error(0x11).code("00 00 48 8b"),
      "nx", "", "execute", "that page holds data and may not be executed");
  EXPECT_FAULT(Made("paging_request", "el6").ip("", 0xffffc90012345000).at(0xffffc90012345000).error(0x10),
               "rip_in_data", "", "execute", "no code is there");
  EXPECT_FAULT(Made("paging_request", "el7").ip("", 0x00007f1234567000).at(0x00007f1234567000).error(0x11),
               "user_address", "", "execute", "a page of user space");
  EXPECT_FAULT(Made("paging_request", "el5").ip("", 0x0000000012345678).at(0x0000000012345678).error(0x10),
               "rip_in_data", "", "execute", "an address of user space and no kernel code");
  EXPECT_FAULT(Made("paging_request", "el6", "i386").ip("", 0x6b6b6b6b).at(0x6b6b6b6b).error(0), "poison_free", "",
               "execute", "POISON_FREE");
  EXPECT_FAULT(Made("paging_request", "el5").ip("", 0x00100100).at(0x00100100).error(0x10), "poison_list", "",
               "execute", "");
}

TEST(Fetch, NamesTheCaller) {
  auto m = Made("null_deref", "el6").ip("", 0).at(0).error(0x10).stack({0xffffffff81234567, 1, 2});
  Frame caller;
  caller.address = Addr{0xffffffff81234567};
  caller.symbol = {"vfs_read", ""};
  m.report.frames.push_back(caller);
  EXPECT_FAULT(m, "rip_zero", "", "execute", "vfs_read called through a null pointer");
  auto other = m;
  other.event = {};
  other.report.stack[0] = 0xffffffff81234500;  // the frame lies elsewhere on the stack
  EXPECT_FAULT(other, "rip_zero", "", "execute", "a function pointer was null");
}

TEST(Fetch, BytesOfDataAreNoInstruction) {
  const auto m = Made("paging_request", "el6")
                     .ip("", 0xffff880012345000)
                     .at(0xffff880012345000)
                     .error(0x11)
                     .code("48 8b 47 10")
                     .explain();
  EXPECT_EQ(m.report.fault.instruction, "");
  EXPECT_EQ(m.event.find("fault.instruction"), nullptr);
  EXPECT_EQ(Made("null_deref", "el8").at(0).error(0x10).code("48 3d 01 f0 ff ff").explain().report.fault.instruction,
            "");
  EXPECT_EQ(Made("gpf", "el8").code("ff d0").regs({{"rax", 0x0de10b0000400201}}).explain().report.fault.instruction,
            "call rax");
}

TEST(SmashedReturn, ByEra) {
  EXPECT_FAULT(Made("gpf", "el6").code("c3").ip("f", 0xffffffff81000010, 0x10, 0x20).stack({0x0de10b0000400201, 0}),
               "smashed_return", "", "execute",
               "RET in f popped 0x0de10b0000400201, which is no canonical address: the return address had been "
               "overwritten by data.");
  EXPECT_FAULT(Made("gpf", "el6").code("c3").stack({0x6d612f73656d616e, 0x656c6966656d6f73}), "smashed_return", "",
               "execute", "the words above it are the text \"names/amsomefile\"");
  EXPECT_FAULT(Made("gpf", "el8").code("c3"), "smashed_return", "", "execute",
               "the one on the stack had been overwritten");
  EXPECT_FAULT(Made("gpf", "el8").code("c2 08 00"), "smashed_return", "", "execute", "");
  // i386, and canonical values: the CPU returns and faults where it arrives
  EXPECT_FAULT(
      Made("paging_request", "el5", "i386").ip("", 0x1d5).at(0x1d5).error(0).stack({0x1d6, 0x1d7, 0x1d8, 0x1d9}),
      "smashed_return", "", "execute", "with the stack behind it that is a run of 32-bit counters 0x1d5, 0x1d6");
  EXPECT_FAULT(
      Made("paging_request", "el5", "i386").ip("", 0x6d6f732f).at(0x6d6f732f).error(0).stack({0x69662f65, 0x0000656c}),
      "smashed_return", "", "execute", "the text \"/some/file\"");
}

TEST(SmashedReturn, NearMisses) {
  EXPECT_FAULT(Made("gpf", "el6").code("c3").stack({0xffffffff81234567, 0}), "", "", "", "");
  EXPECT_FAULT(Made("oops", "el8").code("c3"), "", "", "", "");  // another trap, for all we know
  EXPECT_FAULT(Made("gpf", "el6").code("cb"), "", "", "", "");   // a far return
  EXPECT_FAULT(Made("gpf", "el6").code("48 cf").stack({0x4141414142424242}), "", "", "", "");
  EXPECT_FAULT(
      Made("paging_request", "el5", "i386").ip("", 0x1d5).at(0x1d5).error(0).stack({0xc1d6, 0x1d7, 0x1d8, 0x1d9}),
      "rip_in_data", "", "execute", "");
  // the stack itself could not be read
  EXPECT_FAULT(Made("paging_request", "el6")
                   .code("c3")
                   .regs({{"rsp", 0xffffc90000001000}})
                   .at(0xffffc90000001000)
                   .error(0)
                   .stack({1}),
               "", "rsp", "read", "rsp is 0xffffc90000001000; no page is mapped there");
}

TEST(IndirectCall, Targets) {
  EXPECT_FAULT(Made("gpf", "el6").code("ff d0").regs({{"rax", 0x0de10b0000400201}}), "non_canonical", "rax", "execute",
               "call rax had nowhere to go: rax is 0x0de10b0000400201, which is no canonical address.");
  EXPECT_FAULT(Made("gpf", "el6").code("ff d0").regs({{"rax", 0x6b6b6b6b6b6b6b6b}}), "poison_free", "rax", "execute",
               "POISON_FREE");
  EXPECT_FAULT(Made("gpf", "el8").code("ff e0").regs({{"rax", 0x6164732f7665642f}}), "ascii_pointer", "rax", "execute",
               "");
  EXPECT_FAULT(Made("gpf", "el6").code("ff 50 18").regs({{"rax", 0xffff880000001000}}), "non_canonical", "", "execute",
               "could read 0xffff880000001018, but the pointer it found there");
  EXPECT_FAULT(Made("gpf", "el6").code("ff 50 18").regs({{"rax", 0x6b6b6b6b6b6b6b6b}}), "poison_free", "rax", "read",
               "");
  EXPECT_FAULT(Made("gpf", "el6").code("ff d0").regs({{"rax", 0xffffffff81234567}}), "", "", "", "");
  EXPECT_FAULT(Made("gpf", "el6").code("e8 00 00 00 00").regs({{"rax", 0x0de10b0000400201}}), "", "", "", "");
  EXPECT_FAULT(Made("null_deref", "el6").code("ff 50 18").regs({{"rax", 0}}).at(0x18).error(0), "null_offset", "rax",
               "read", "");
}

TEST(IndirectCall, ThroughARetpoline) {
  const auto thunk = [](std::uint64_t rax) {
    return Made("gpf", "el8").code("c3").ip("__x86_indirect_thunk_rax", std::nullopt, 0x10, 0x20).regs({{"rax", rax}});
  };
  EXPECT_FAULT(thunk(0xdead000000000100), "poison_list", "rax", "execute",
               "The call through rax had nowhere to go: rax is 0xdead000000000100, LIST_POISON1");
  EXPECT_FAULT(thunk(0xffffffff81234567), "", "", "", "");
  EXPECT_FAULT(Made("gpf", "el8").code("c3").ip("__x86_indirect_thunk_rax", std::nullopt, 0x10, 0x20), "", "", "", "");
  EXPECT_FAULT(Made("gpf", "el8").code("c3").ip("__x86_return_thunk", std::nullopt, 0, 0x20), "smashed_return", "",
               "execute", "");
}

TEST(PageTables, ReadOnlyAndReserved) {
  const auto store = [](std::uint64_t error) {
    return Made("paging_request", "el6")
        .code("89 07")
        .regs({{"rdi", 0xffffffff81234000}})
        .at(0xffffffff81234000)
        .error(error);
  };
  EXPECT_FAULT(store(3), "read_only", "rdi", "write", "a page is there, but it is write-protected");
  EXPECT_FAULT(store(2), "", "rdi", "write", "no page is mapped there");
  EXPECT_FAULT(store(0xb), "reserved_bit", "rdi", "write", "garbage");
  auto without = store(3);
  without.report.fault.error.reset();
  EXPECT_FAULT(without, "", "rdi", "write", "");
}

TEST(Check, BugByEra) {
  EXPECT_FAULT(Made("bug", "el5").code("0f 0b 68 4c 14 2a 80 c2 d2 04 90 90"), "bug_ud2", "", "",
               "ud2, the instruction BUG is made of (source line 1234, by the bytes behind it)");
  EXPECT_FAULT(Made("bug", "el4").code("0f 0b a3 4c 14 2a 80 ff ff ff ff c2 d2 04"), "bug_ud2", "", "",
               "source line 1234");
  EXPECT_FAULT(Made("bug", "el5", "i386").code("0f 0b d2 04 4c 14 2a c0 90"), "bug_ud2", "", "", "source line 1234");
  EXPECT_FAULT(Made("list_corruption", "el7").code("0f 0b 48 8b 47 10"), "bug_ud2", "", "",
               "the instruction BUG is made of.");
  EXPECT_FAULT(Made("invalid_opcode", "el8").code("0f 0b 31 c0"), "bug_ud2", "", "", "");
  EXPECT_FAULT(Made("oops", "el5").code("0f 0b 68 4c 14 2a 80 c2 d2 04 90 90"), "bug_ud2", "", "", "");
  EXPECT_FAULT(Made("oops", "el8").code("0f 0b 31 c0"), "", "", "", "");  // may be a WARNING
  EXPECT_FAULT(Made("invalid_opcode", "el6").code("48 8b 47 10"), "", "", "", "");
  EXPECT_FAULT(Made("bug", "el6").code("0f 0b 68 4c 14 2a 80 c2 d2 04"), "bug_ud2", "", "", "made of.");
}

TEST(Division, HitsAndMisses) {
  EXPECT_FAULT(Made("divide_error", "el5").code("f7 f1").regs({{"rcx", 0xffff810000000000}}), "divide", "rcx", "",
               "div ecx divided by zero: ecx is 0.");
  EXPECT_FAULT(Made("divide_error", "el6").code("48 f7 f1").regs({{"rcx", 5}, {"rdx", 7}}), "divide", "rcx", "",
               "the upper half of the dividend, 0x7, is not below the divisor");
  EXPECT_FAULT(Made("divide_error", "el6").code("48 f7 f9").regs({{"rcx", 5}, {"rdx", 7}}), "divide", "rcx", "",
               "idiv rcx failed: rcx is 0x5, so the quotient did not fit its register.");
  EXPECT_FAULT(Made("divide_error", "el7").code("f7 77 10").regs({{"rdi", 0xffff880000000000}}), "divide", "", "",
               "div dword ptr [rdi+0x10] divided by zero, or");
  EXPECT_FAULT(Made("divide_error", "el5", "i386").code("f7 f3").regs({{"ebx", 0}}), "divide", "ebx", "", "ebx is 0");
  EXPECT_FAULT(Made("oops", "el5").code("f7 f1").regs({{"rcx", 0}}), "divide", "rcx", "", "");
  EXPECT_FAULT(Made("oops", "el5").code("f7 f1").regs({{"rcx", 3}, {"rdx", 0}}), "", "", "", "");
  EXPECT_FAULT(Made("divide_error", "el5").code("f7 f1").regs({{"rax", 0}}), "", "", "", "");
  EXPECT_FAULT(Made("divide_error", "el5").code("f6 f5").regs({{"rcx", 0x0500}}), "", "", "", "");  // div ch
  EXPECT_FAULT(Made("divide_error", "el5").code("48 8b 47 10").regs({{"rdi", 0}}), "", "", "", "");
}

TEST(Msr, HitsAndMisses) {
  EXPECT_FAULT(Made("gpf", "el6").code("0f 30").regs({{"rcx", 0x1d9}}), "msr", "", "",
               "wrmsr of the model-specific register 0x1d9 was refused");
  EXPECT_FAULT(Made("gpf", "el5", "i386").code("0f 32").regs({{"ecx", 0xc0000080}}), "msr", "", "",
               "rdmsr of the model-specific register 0xc0000080");
  EXPECT_FAULT(Made("gpf", "el6").code("0f 30"), "", "", "", "");
  EXPECT_FAULT(Made("paging_request", "el6").code("0f 30").regs({{"rcx", 0x1d9}}), "", "", "", "");
}

TEST(StackOverflow, HitsAndMisses) {
  const auto push = [](const char* kind, std::uint64_t rsp, std::uint64_t cr2) {
    return Made(kind, "el8").code("55").regs({{"rsp", rsp}, {"cr2", cr2}});
  };
  EXPECT_FAULT(push("double_fault", 0xffffc90000120000, 0xffffc9000011fff8), "stack_overflow", "rsp", "",
               "The stack was used up: rsp is 0xffffc90000120000");
  EXPECT_FAULT(push("stack_overflow", 0xffffc90000120000, 0xffffc9000011fff8), "stack_overflow", "rsp", "", "");
  EXPECT_FAULT(push("double_fault", 0xffffc90000120000, 0xffff888000001000), "", "", "", "");
  EXPECT_FAULT(push("double_fault", 0xffffc90000120000, 0x00007fff00000000), "", "", "", "");
  EXPECT_FAULT(push("paging_request", 0xffffc90000120000, 0xffffc9000011fff8).error(2), "", "rsp", "write", "push rbp");
}

// ---- Which address, and whether it is stated.

TEST(Address, OfTheFault) {
  EXPECT_EQ(Made("null_deref", "el6").at(0x10).explain().address(), 0x10U);
  EXPECT_EQ(Made("paging_request", "el6").regs({{"cr2", 0xffffc90000000000}}).explain().address(), 0xffffc90000000000U);
  EXPECT_EQ(
      Made("gpf", "el6").code("48 8b 47 10").regs({{"rdi", 0x0de10b0000400201}, {"cr2", 0x10}}).explain().address(),
      0x0de10b0000400211U);
  EXPECT_EQ(Made("gpf", "el9").at(0x0de10b0000400201).explain().address(), 0x0de10b0000400201U);
}

TEST(Address, StaleCr2) {
  for (const auto kind : {"gpf", "divide_error", "bug", "oops"}) {
    const auto m = Made(kind, "el6").regs({{"cr2", 0x00007fff00001000}}).at(0x00007fff00001000).explain();
    EXPECT_EQ(m.address(), std::nullopt) << kind;
    EXPECT_FALSE(m.report.fault.address) << kind;
  }
}

TEST(Address, StaleCr2OfADoubleFault) {
  const auto m = Made("double_fault", "el6").regs({{"cr2", 0xffff880000001000}}).at(0xffff880000001000).explain();
  EXPECT_EQ(m.address(), std::nullopt);
  EXPECT_EQ(Made("stack_overflow", "el8").at(0xffffc9000011fff8).explain().address(), 0xffffc9000011fff8U);
}

TEST(Address, HeaderCutOff) {
  // CR2 counts if the instruction points there
  const auto load = [](std::uint64_t cr2) {
    return Made("oops", "el6").code("48 8b 47 10").regs({{"rdi", 0}, {"cr2", cr2}});
  };
  EXPECT_FAULT(load(0x10), "null_offset", "rdi", "read", "rdi is 0");
  EXPECT_EQ(load(0x10).explain().address(), 0x10U);
  EXPECT_FAULT(load(0x00007fff00001000), "", "", "", "");
  EXPECT_EQ(load(0x00007fff00001000).explain().address(), std::nullopt);
  // an error code is printed of page faults only
  EXPECT_FAULT(Made("oops", "el6").at(0x10).error(2), "null_offset", "", "write", "");
}

TEST(Address, AcrossTwoPagesAndInsideTheOperand) {
  EXPECT_FAULT(Made("paging_request", "el6")
                   .code("48 8b 07")
                   .regs({{"rdi", 0xffffc90000000ffd}})
                   .at(0xffffc90000001000)
                   .error(0),
               "", "rdi", "read", "");
  EXPECT_FAULT(Made("paging_request", "el6")
                   .code("48 8b 07")
                   .regs({{"rdi", 0xffffc90000000ff8}})
                   .at(0xffffc90000001000)
                   .error(0),
               "", "", "read", "");
}

TEST(Address, RegistersPrintedInColumns) {
  EXPECT_FAULT(Made("null_deref", "el5").code("49 8b 40 08").regs({{"r08", 0}}).at(8).error(0), "null_offset", "r8",
               "read", "r8 is 0");
}

TEST(Address, BitOperations) {
  EXPECT_FAULT(Made("paging_request", "el6")
                   .code("f0 49 0f ab 01")
                   .regs({{"r9", 0xffff880000000000}, {"rax", 0x100000000000}})
                   .at(0xffff8a0000000000)
                   .error(2),
               "", "rax", "write", "");
}

TEST(Address, Tables) {
  // mov eax, [rax*4-0x80000000]: rax is an index, so it is neither a null pointer nor an error number
  const auto entry = [](std::uint64_t rax) {
    return Made("paging_request", "el5")
        .code("8b 04 85 00 00 00 80")
        .regs({{"rax", rax}})
        .at(rax * 4 - 0x80000000)
        .error(0);
  };
  EXPECT_FAULT(entry(0x1fffffff), "", "rax", "read", "the index rax is 0x000000001fffffff; no page is mapped there");
  EXPECT_FAULT(entry(0), "", "rax", "read", "the index rax is 0x0; no page is mapped there");
  EXPECT_FAULT(entry(0x50000000), "user_address", "rax", "read",
               "the index rax is 0x0000000050000000; the address belongs");
}

// ---- What is no fault, and what is missing.

TEST(NoFault, KindsWithoutOne) {
  for (const auto kind :
       {"soft_lockup", "hung_task", "warning", "rcu_stall", "oom", "kasan", "lockdep", "", "no such kind"}) {
    const auto m = Made(kind, "el8")
                       .code("0f 0b")
                       .ip("f", 0xffffffff81000001, 1, 2)
                       .regs({{"rdi", 0}})
                       .stack({0x4141414142424242})
                       .explain();
    EXPECT_EQ(m.why(), "") << kind;
    EXPECT_EQ(m.klass(), "") << kind;
    EXPECT_EQ(m.event.find("fault.instruction"), nullptr) << kind;
    EXPECT_EQ(*m.event.get<bool>("function.last_byte"), true) << kind;
    EXPECT_NE(m.event.find("code"), nullptr) << kind;
    EXPECT_NE(m.event.find("stack.top"), nullptr) << kind;
  }
}

TEST(Absent, FieldsWithoutGround) {
  const auto empty = Made("oops", "", "").explain();
  EXPECT_TRUE(empty.event.fields.empty());
  auto frame_only = Made("oops", "el6").ip("f", std::nullopt, 1, 2);
  frame_only.report.function_is_ip = false;  // a return address
  EXPECT_EQ(frame_only.explain().event.find("function.last_byte"), nullptr);
  EXPECT_EQ(Made("oops", "el6").ip("f", std::nullopt, 1).explain().event.find("function.last_byte"), nullptr);
  EXPECT_EQ(Made("oops", "el6").ip("f", std::nullopt, 0, 0).explain().event.find("function.last_byte"), nullptr);
  EXPECT_EQ(Made("oops", "el5", "i386").stack({1}).explain().event.find("stack.torn_pointer"), nullptr);
}

TEST(Absent, CodeWithoutItsMark) {
  const auto code = [](const char* era, std::size_t count) {
    auto m = Made("gpf", era);
    m.report.code = CodeBytes{Bytes(count, 0xc3), 0, false};
    return m.explain();
  };
  EXPECT_NE(code("el5", 20).event.find("code"), nullptr);
  EXPECT_NE(code("", 20).event.find("code"), nullptr);
  EXPECT_EQ(code("", 64).event.find("code"), nullptr);
  EXPECT_EQ(code("", 17).event.find("code"), nullptr);  // the rest of a longer line
  EXPECT_NE(code("el5", 17).event.find("code"), nullptr);
  EXPECT_EQ(code("el7", 20).event.find("code"), nullptr);
  auto beyond = Made("gpf", "el6");
  beyond.report.code = CodeBytes{bytes_of("c3"), 1, true};
  EXPECT_EQ(beyond.explain().event.find("code"), nullptr);
}

TEST(Absent, CodeOfOtherReleases) {
  for (const auto release : {"2.6.18-8.el5", "2.6.9-89.EL", "4.18.0-1", "2.6.32.8"}) {
    auto m = Made("gpf", "");
    m.report.release = release;
    m.report.code = CodeBytes{Bytes(20, 0xc3), 0, false};
    const auto old = std::string_view(release).starts_with("2.6.18") || std::string_view(release).starts_with("2.6.9");
    EXPECT_EQ(m.explain().event.find("code") != nullptr, old) << release;
  }
}

TEST(Absent, OtherMachines) {
  const auto m = Made("paging_request", "el7", "ppc64").code("c3").regs({{"rdi", 0}}).at(0xc000000000000000).explain();
  EXPECT_EQ(m.event.find("fault.instruction"), nullptr);
  EXPECT_EQ(m.why(), "");
  EXPECT_EQ(m.address(), 0xc000000000000000U);
}

TEST(Absent, BigEndianStacks) {
  const std::vector<std::uint64_t> counters{0x0000000200000001, 0x0000000400000003, 0x0000000600000005};
  EXPECT_EQ(*Made("oops", "el7", "aarch64").stack(counters).explain().event.get<double>("stack.run"), 6.0);
  for (const auto arch : {"ppc64", "s390x"}) {
    const auto m = Made("oops", "el7", arch).stack(counters).explain();
    EXPECT_EQ(m.event.find("stack.run"), nullptr) << arch;
    EXPECT_NE(m.event.find("stack.top"), nullptr) << arch;
  }
}

TEST(Mode, FromRegisterNames) {
  auto wide = Made("null_deref", "el6", "").code("48 8b 47 10").regs({{"rdi", 0}}).at(0x10).error(0);
  EXPECT_FAULT(wide, "null_offset", "rdi", "read", "");
  auto narrow = Made("null_deref", "el5", "").code("8b 40 04").regs({{"eax", 0}}).at(4).error(0);
  narrow.report.word_bits = 32;
  narrow.report.code->marked = true;
  EXPECT_FAULT(narrow, "null_offset", "eax", "read", "");
  EXPECT_FAULT(Made("null_deref", "el5", "i686").code("8b 40 04").regs({{"eax", 0}}).at(4).error(0), "null_offset",
               "eax", "read", "");
}

TEST(Fields, StatedOnesAreKept) {
  auto m = Made("null_deref", "el6").at(0x10).error(0);
  m.event.set("fault.address", Addr{0x10}, 3);
  m.explain();
  EXPECT_EQ(m.event.field("fault.address")->line, 3U);
}

TEST(Fields, TwiceIsTheSame) {
  auto once = Made("gpf", "el6").code("48 8b 47 10").regs({{"rdi", 0x6b6b6b6b6b6b6b6b}}).explain();
  const auto why = once.why();
  const auto count = once.event.fields.size();
  once.explain();
  EXPECT_EQ(once.why(), why);
  EXPECT_EQ(once.event.fields.size(), count);
}

// ---- Any report in, an answer out.

std::uint64_t any_value(std::mt19937_64& random) {
  constexpr std::uint64_t kOdd[] = {0,
                                    1,
                                    8,
                                    0xfff,
                                    0x1000,
                                    0x00100100,
                                    0xdead000000100100,
                                    0x6b6b6b6b6b6b6b6b,
                                    minus(1),
                                    minus(2),
                                    minus(4096),
                                    0xffff810000000000,
                                    0xffffffff80000000,
                                    0xc0000000,
                                    1ULL << 63};
  return random() % 3 ? kOdd[random() % std::size(kOdd)] + random() % 16 : random();
}

Made any_report(std::mt19937_64& random) {
  constexpr const char* kKinds[] = {"oops",         "null_deref",    "paging_request", "gpf",   "stack_segment",
                                    "divide_error", "bug",           "double_fault",   "panic", "invalid_opcode",
                                    "warning",      "stack_overflow"};
  constexpr const char* kEras[] = {"", "el4", "el5", "el6", "el7", "el8", "el9", "fc18"};
  constexpr const char* kMachines[] = {"", "x86_64", "i386", "ppc64", "s390x"};
  constexpr const char* kNames[] = {"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r08", "r8", "r15",
                                    "rip", "eax", "ebx", "ecx", "esp", "eip", "cr2", "gs",  "fs",  "",   "weird"};
  Made m(kKinds[random() % std::size(kKinds)], kEras[random() % std::size(kEras)],
         kMachines[random() % std::size(kMachines)]);
  auto& r = m.report;
  r.word_bits = static_cast<int>(random() % 5) * 16;
  for (auto n = random() % 20; n > 0; --n)
    r.registers.push_back({kNames[random() % std::size(kNames)], Addr{any_value(random)}});
  for (auto n = random() % 20; n > 0; --n) r.stack.push_back(any_value(random));
  if (random() % 4) {
    r.code = CodeBytes{Bytes(random() % 64), random() % 40, random() % 2 == 0};
    for (auto& b : r.code->bytes) b = static_cast<std::uint8_t>(random());
  }
  if (random() % 2) m.ip(random() % 2 ? "f" : "", any_value(random), any_value(random), any_value(random));
  if (random() % 2) m.at(any_value(random));
  if (random() % 2) m.error(random() % 2 ? random() % 32 : random());
  r.frames.resize(random() % 3);
  return m;
}

TEST(Robustness, AnyReport) {
  std::mt19937_64 random(20111030);
  std::size_t explained = 0;
  for (int round = 0; round < 60'000; ++round) {
    auto m = any_report(random);
    m.explain();
    explained += !m.why().empty();
    EXPECT_LT(m.why().size(), 1'000U);
    EXPECT_EQ(m.why().empty() ? '.' : m.why().back(), '.');
    EXPECT_EQ(m.text("fault.explanation"), m.why());
    for (const auto& f : m.event.fields) {
      const auto* text = std::get_if<std::string>(&f.value);
      EXPECT_FALSE(text && text->empty()) << f.name;
    }
  }
  EXPECT_GT(explained, 5'000U);
}

}  // namespace
}  // namespace diag::kernel
