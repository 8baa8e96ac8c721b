// What logs, boot messages and package lists state beside the kernel's reports of trouble.
#include "event/vocabulary.h"

namespace diag {

namespace {

constexpr FieldSpec message_fields[] = {
    {"text", FieldType::text, "the message alone: stamp, host, program and level taken off"},
    {"pid", FieldType::number, "of the program that wrote it"},
    {"repeats", FieldType::number,
     "how often it was said once more: N of 'last message repeated N times'; absent: never"},
};

constexpr FieldSpec gap_fields[] = {
    {"text", FieldType::text, "the line that admits the loss"},
    {"lost", FieldType::number, "messages that are missing; absent: the line gives no number"},
    {"reason", FieldType::name, "callbacks suppressed, messages suppressed, rate limit, buffer overrun, ring buffer"},
};

constexpr FieldSpec segfault_fields[] = {
    {"text", FieldType::text, "the line"},
    {"task.comm", FieldType::name, "the program that was killed"},
    {"task.pid", FieldType::number, "its process id"},
    {"trap", FieldType::name, "segfault, general protection, divide error, invalid opcode, int3 ..."},
    {"fault.address", FieldType::address, "the address it touched"},
    {"fault.error", FieldType::number,
     "the page fault's error code: 4 user, 2 write, 1 protection, 16 (0x10) instruction fetch"},
    {"ip", FieldType::address, "instruction pointer"},
    {"sp", FieldType::address, "stack pointer"},
    {"object", FieldType::name, "the file that holds the instruction: libc-2.12.so"},
    {"object.offset", FieldType::address, "the instruction pointer within that file's mapping"},
};

constexpr FieldSpec boot_fields[] = {
    {"text", FieldType::text, "the line: 'Linux version ...', or the syslog daemon's first"},
    {"compiler", FieldType::name, "the compiler named in the 'Linux version' line"},
    {"built", FieldType::name, "when and how the kernel was built, from the same line"},
};

constexpr FieldSpec fact_fields[] = {
    {"name", FieldType::name, "what is stated: virt, cpu.model, memory, board, clocksource ..."},
    {"value", FieldType::name, "as stated"},
    {"number", FieldType::number, "the value where it is a number: bytes, seconds, or as it is"},
};

constexpr FieldSpec option_fields[] = {
    {"name", FieldType::name, "of the kernel's command line: elevator, clocksource, nohz"},
    {"value", FieldType::name, "what follows '='; absent: nothing does"},
};

constexpr FieldSpec package_fields[] = {
    {"name", FieldType::name, "of the installed package"},
    {"version", FieldType::version, "[epoch:]version-release"},
    {"arch", FieldType::name, "x86_64, i686, noarch"},
    {"installed", FieldType::time, "when it was installed"},
};

constexpr FieldSpec changelog_fields[] = {
    {"package", FieldType::name, "whose changelog it is"},
    {"version", FieldType::version, "the version the entry belongs to, where its header names one"},
    {"text", FieldType::text, "one line of the changelog: '- [net] bridge: Reset IPCB when entering IP stack'"},
};

constexpr KindSpec kinds[] = {
    {"log.message", "One record of a log; also each line within a kernel event.", message_fields},
    {"log.gap", "The log says that messages were suppressed or lost.", gap_fields},
    {"user.segfault", "The kernel killed a program for touching memory it must not, or a trap like it.",
     segfault_fields},
    {"host.boot", "The host started: the first line of a new kernel, or of the log daemon.", boot_fields},
    {"host.fact", "Something known of the host: from a boot log or a collected file.", fact_fields},
    {"boot.option", "One word of the kernel's command line.", option_fields},
    {"rpm.package", "An installed package.", package_fields},
    {"rpm.changelog", "One line of a package's changelog (rpm -q --changelog).", changelog_fields},
};

}  // namespace

std::span<const KindSpec> log_kinds() { return kinds; }

}  // namespace diag
