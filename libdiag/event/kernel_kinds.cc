// What the kernel's reports of trouble state. The kinds' own fields are the captures of libdiag/kernel/kind_table.cc.
#include "event/vocabulary.h"

namespace diag {

namespace {

using enum FieldType;

constexpr FieldSpec common[] = {
    {"header", text, "the line that says what happened, as printed"},
    {"missing", list, "what a whole report would have: header, kind, release, registers, code, frames, end"},
    {"function", symbol, "the function at the instruction pointer; else the first reliable frame"},
    {"function.name", symbol, "the same"},
    {"function.module", name, "its module; not stated: built into the kernel"},
    {"function.offset", number, "of the instruction in the function, bytes"},
    {"function.size", number, "of the function, bytes: the distance to the next symbol"},
    {"function.address", address, "the instruction pointer"},
    {"function.last_byte", flag, "the instruction is the last byte of its function: a RET"},
    {"culprit", symbol, "the function to blame once helpers are skipped"},
    {"cpu", number, "the processor that reports, or is reported on"},
    {"task.comm", name, "the task that ran"},
    {"task.pid", number, "its process id"},
    {"kernel.taint", name, "the taint letters that are set: PF"},
    {"modules", list, "the modules linked in"},
    {"fault.address", address, "the address that could not be accessed"},
    {"fault.error", number, "the error code behind 'Oops:' or 'fault:'"},
    {"fault.instruction", text, "the faulting instruction, from the Code: line"},
    {"fault.explanation", text, "what it did and why it failed, in words"},
    {"fault.class", name, "null_offset, err_ptr, poison_list, poison_slab, non_canonical, smashed_return, bug_ud2, ..."},
    {"fault.register", name, "the register that held the bad value"},
    {"fault.access", name, "read, write or execute"},
    {"code", bytes, "instruction bytes from the faulting instruction on"},
    {"code.bad_ip", flag, "the kernel could not read code at the instruction pointer ('Bad RIP value.')"},
    {"stack.top", address, "the first word of the Stack: dump"},
    {"stack.run", number, "how many 32-bit values in arithmetic progression lie on the stack (4 or more)"},
    {"stack.ascii", text, "printable text of 8 characters or more on the stack"},
    {"stack.torn_pointer", flag, "a kernel pointer on the stack is half overwritten"},
    {"oops.number", number, "of '[#2]'"},
    {"panic.reason", text, "behind 'Kernel panic - not syncing:', of a panic that ended the report"},
    {"file", text, "source file of a BUG or WARNING"},
    {"line", number, "line in that file"},
};

constexpr FieldSpec seconds[] = {{"seconds", number, "how long it has been stuck, seconds"}};
constexpr FieldSpec rcu[] = {
    {"rcu.flavor", name, "rcu_sched, rcu_preempt, rcu_bh"},
    {"jiffies", number, "length of the stall, jiffies"},
    {"rcu.detector", number, "the CPU that noticed it"},
    {"rcu.cpus", list, "the CPUs that stall"},
    {"rcu.kthread", name, "the grace-period thread that was starved"},
    {"rcu.starved", number, "for how long, jiffies"},
};
constexpr FieldSpec kasan[] = {
    {"kasan.what", text, "use-after-free, slab-out-of-bounds ..."},
    {"kasan.access", name, "Read or Write"},
    {"kasan.size", number, "bytes accessed"},
};
constexpr FieldSpec kmsan[] = {{"kmsan.what", text, "uninit-value, kernel-infoleak"}};
constexpr FieldSpec kcsan[] = {{"kcsan.what", text, "data-race, assert: race"}};
constexpr FieldSpec kfence[] = {{"kfence.what", text, "memory corruption, out-of-bounds read ..."}};
constexpr FieldSpec ubsan[] = {{"ubsan.what", text, "shift-out-of-bounds, Undefined behaviour ..."}};
constexpr FieldSpec leak[] = {{"leak.address", address, "the object nobody refers to"}, {"leak.size", number, "its size, bytes"}};
constexpr FieldSpec overflow[] = {{"stack.left", number, "bytes left on the stack"}};
constexpr FieldSpec protector[] = {{"stack_protector.address", address, "where the canary was found dead, if no name is printed"}};
constexpr FieldSpec lists[] = {
    {"list.what", text, "the pointer that is wrong: prev->next"},
    {"list.expected", text, "what it should be"},
    {"list.found", name, "what it was"},
};
constexpr FieldSpec copies[] = {{"usercopy.what", text, "exposure, overwrite"}, {"usercopy.object", text, "from or to which object"}};
constexpr FieldSpec pages[] = {{"page.frame", number, "page frame number"}, {"page.entry", number, "page table entry"}};
constexpr FieldSpec slabs[] = {
    {"slab.cache", name, "the cache"},
    {"slab.what", text, "Redzone overwritten, Poison overwritten ..."},
    {"slab.check", name, "the function that checked"},
    {"slab.object", address, "the object"},
    {"slab.size", number, "its size, bytes"},
};
constexpr FieldSpec lockdep[] = {
    {"lockdep.what", text, "circular locking dependency, recursive locking ..."},
    {"lockdep.usage", text, "the two usages that do not go together"},
    {"lockdep.locks", list, "the lines that name locks and where they were taken"},
};
constexpr FieldSpec lbug[] = {{"assertion", text, "the condition that failed"}};
constexpr FieldSpec zfs[] = {{"assertion", text, "the condition that failed"}, {"zfs.function", name, "the function that checked"}};
constexpr FieldSpec fs[] = {
    {"fs.type", name, "EXT3, EXT4 ..."},
    {"device", name, "the device of the file system"},
    {"fs.function", name, "the function that found it"},
    {"fs.message", text, "what is wrong"},
};
constexpr FieldSpec mce[] = {
    {"mce.bank", number, "the bank that reports"},
    {"mce.status", address, "its status register, 64 bits"},
    {"mce.mcg_status", number, "the machine check global status"},
    {"mce.address", address, "the address concerned"},
    {"mce.meaning", text, "the status, decoded by the bits every processor shares"},
    {"mce.tsc", number, "time stamp counter"},
    {"mce.processor", name, "vendor:signature of the processor"},
    {"mce.time", number, "seconds since 1970"},
    {"mce.socket", number, "socket"},
    {"mce.apic", number, "APIC id"},
};
constexpr FieldSpec netdev[] = {
    {"device", name, "the network device"},
    {"driver", name, "its driver"},
    {"netdev.queue", number, "the transmit queue"},
};
constexpr FieldSpec netdev_leak[] = {{"device", name, "the device that cannot go"}, {"netdev.count", number, "references left"}};
constexpr FieldSpec irq[] = {{"irq", number, "the interrupt nobody handled"}};
constexpr FieldSpec oom[] = {
    {"gfp_mask", number, "allocation flags"},
    {"order", number, "2 to this power pages were asked for"},
    {"oom.pid", number, "the victim's process id"},
    {"oom.victim", name, "the victim"},
    {"oom.score", number, "its badness"},
    {"oom.uid", number, "its user"},
    {"oom.total_kb", number, "its virtual size, kB"},
    {"oom.rss_kb", number, "its anonymous resident size, kB"},
    {"oom.cgroup", name, "the memory cgroup"},
    {"oom.limit_cgroup", name, "the cgroup whose limit was reached"},
    {"oom.usage_kb", number, "usage of the cgroup, kB"},
    {"oom.limit_kb", number, "limit of the cgroup, kB"},
};
constexpr FieldSpec allocation[] = {{"order", number, "2 to this power pages were asked for"}, {"mode", number, "allocation flags"}};
constexpr FieldSpec warning[] = {
    {"warning.function", name, "the function, where only its name is printed"},
    {"warning.what", text, "what was found wrong"},
};
constexpr FieldSpec oops[] = {{"oops.what", text, "what the machine calls it"}, {"oops.signal", number, "the signal, ppc64"}};

constexpr KindSpec kinds[] = {
    {"kasan", "The address sanitizer found a bad access.", kasan},
    {"kmsan", "The memory sanitizer found a use of uninitialised memory.", kmsan},
    {"kcsan", "The concurrency sanitizer found a data race.", kcsan},
    {"kfence", "KFENCE found a bad access.", kfence},
    {"ubsan", "The undefined-behaviour sanitizer spoke.", ubsan},
    {"mem_leak", "kmemleak found memory that nobody refers to.", leak},
    {"soft_lockup", "A CPU did not schedule for many seconds.", seconds},
    {"hard_lockup", "A CPU did not take interrupts for many seconds.", seconds},
    {"rcu_stall", "An RCU grace period does not end.", rcu},
    {"hung_task", "A task waits without an end.", seconds},
    {"workqueue_lockup", "A workqueue does not advance.", seconds},
    {"double_fault", "A fault while a fault was handled.", {}},
    {"stack_overflow", "A kernel stack is or was too small.", overflow},
    {"stack_protector", "A function found the canary on its stack overwritten.", protector},
    {"null_deref", "The kernel touched an address near 0.", {}},
    {"paging_request", "The kernel touched an address that is not mapped so.", {}},
    {"gpf", "General protection fault: mostly an address that is none.", {}},
    {"divide_error", "Division by zero.", {}},
    {"stack_segment", "A stack access through an address that is none.", {}},
    {"list_corruption", "A linked list is damaged.", lists},
    {"usercopy", "A copy to or from user space exceeds its object.", copies},
    {"bad_page", "A page is in a state it cannot be in.", pages},
    {"atomic_sleep", "A function that may sleep was called where it must not.", {}},
    {"lockdep", "The lock checker found a possible deadlock or misuse.", lockdep},
    {"mce", "The processor reports a hardware error.", mce},
    {"oom", "Memory ran out, and a victim was killed.", oom},
    {"page_alloc_failure", "An allocation of pages failed.", allocation},
    {"netdev_watchdog", "A network device does not transmit.", netdev},
    {"irq_nobody_cared", "An interrupt had no handler that wanted it, and is off now.", irq},
    {"slab_corruption", "A slab object is damaged.", slabs},
    {"lbug", "Lustre's assertion failed.", lbug},
    {"zfs_panic", "An assertion of ZFS failed.", zfs},
    {"warning", "A WARN_ON.", warning},
    {"invalid_opcode", "An instruction that is none.", {}},
    {"bug", "A BUG_ON, or another line that begins with BUG.", {}},
    {"panic", "The kernel stopped.", {}},
    {"oops", "An oops of another kind, or one whose first line is cut off.", oops},
    {"fs_error", "A file system found itself damaged.", fs},
    {"netdev_leak", "A network device cannot go, because somebody holds it.", netdev_leak},
    {"reboot", "The host restarted without a shutdown.", {}},
};

}  // namespace

std::span<const KindSpec> kernel_kinds() { return kinds; }
std::span<const FieldSpec> kernel_fields() { return common; }

}  // namespace diag
