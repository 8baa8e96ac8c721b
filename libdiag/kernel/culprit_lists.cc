#include "kernel/culprit_lists.h"

namespace diag::kernel {

namespace {

constexpr std::string_view reporters[] = {
    // printing and dying
    "dump_stack*", "__dump_stack", "show_stack*", "show_trace*", "dump_trace*", "dump_backtrace*", "unwind_backtrace", "print_*", "printk*", "_printk*",
    "vprintk*", "__printk*", "dev_printk*", "dev_vprintk*", "__dev_printk", "_dev_*", "__dynamic_*", "console_*", "panic*", "__panic*", "oops_*",
    "__die*", "die", "die_*", "no_context", "do_bad_area", "warn_slowpath*", "__warn*", "report_bug", "fixup_bug*",
    "handle_bug", "get_taint", "check_panic_on_warn", "nmi_*", "trigger_*", "arch_trigger_*", "do_error_trap", "do_trap*", "exc_*", "asm_exc_*",
    "invalid_op*", "do_invalid_op*", "error_entry", "error_exit", "error_sti", "error_code", "page_fault", "do_page_fault", "__do_page_fault",
    "do_user_addr_fault", "do_kern_addr_fault", "async_page_fault", "general_protection", "do_general_protection", "double_fault", "do_double_fault",
    "math_error", "divide_error", "do_divide_error", "__do_kernel_fault", "do_mem_abort", "do_translation_fault",
    "do_tag_check_fault", "do_alignment_fault", "el1_*", "el1h_*", "el0_*", "el0t_*", "do_DataAbort", "do_sea", "brk_handler", "do_debug_exception",
    "bug_handler", "call_break_hook", "kernel_init*", "__show_regs", "show_regs*", "stack_overflow_detect*", "handle_stack_overflow", "handle_overflow",
    "vmalloc_fault", "spurious_fault", "search_exception_tables", "fixup_exception", "spin_dump", "spin_bug", "rwlock_bug",
    "__cant_migrate", "__schedule_bug", "check_stack_usage",
    // checkers
    "*kasan*", "*asan_*", "*kmsan*", "msan_*", "__msan_*", "*kcsan*", "*kfence*", "check_memory_region*", "memory_is_poisoned*", "print_address_description",
    "*ubsan*", "__sanitizer_cov*", "sanitizer_*", "__tsan_*", "__hwasan_*", "kmemleak_*", "create_object*", "delete_object*", "lockdep_*", "__lockdep_*",
    "*lock_acquire*", "*lock_release*", "lock_is_held*", "validate_chain*", "check_noncircular*", "check_prev*", "check_usage*", "check_irq_usage*", "mark_lock*",
    "mark_usage", "mark_held_locks", "mark_all_held_locks", "register_lock_class*", "look_up_lock_class", "hlock_class", "trace_hardirqs*", "trace_softirqs*", "lockdep",
    "debug_check_no_locks*", "debug_check_no_obj*", "__debug_check_no_obj*", "debug_object*", "debug_objects*", "debug_mutex*", "debug_spin*", "debug_smp_processor_id*", "check_preemption_disabled*",
    "__this_cpu_preempt_check", "___might_sleep", "__might_*", "might_*", "assert_*", "reacquire_held_locks", "ref_tracker_*", "stack_trace_*", "save_stack*",
    "set_track*", "depot_save*", "stack_depot*", "should_fail*", "__should_fail*", "fail_dump*", "fault_create*", "perf_trace_lock*", "trace_*", "__traceiter_*",
    "__stack_chk_fail", "fortify_panic", "__fortify_panic", "usercopy_*", "__check_object_size*", "check_object_size*", "__check_heap_object", "copy_overflow", "__list_*", "list_*", "refcount_*",
    "__refcount_*", "kref_*", "rb_*", "__rb_*", "rhashtable_*", "__rhashtable_*", "radix_tree_*", "__radix_tree_*", "xa_*", "__xa_*", "xas_*", "idr_*", "ida_*", "hlist_*", "klist_*",
    "__bug*", "rust_helper_BUG", "__x86_indirect_thunk*", "__x86_return_thunk", "sbitmap_*",
};

constexpr std::string_view services[] = {
    // traps
    "bad_area*", "__bad_area*", "ret_from_exception", "__dabt_svc",
    // locks
    "*spin_lock*", "*spin_unlock*", "*spin_trylock*", "__raw_spin*", "_raw_*", "*read_lock*", "*read_unlock*", "*write_lock*", "*write_unlock*", "queued_*", "native_queued*", "pv_*",
    ".text.lock.*", "mutex_*", "__mutex_*", "__ww_mutex*", "ww_mutex*", "rt_mutex*", "__rt_mutex*", "task_blocks_on_rt_mutex", "down_*", "down", "__down*", "up_read", "up_write", "rwsem_*", "__rwsem*",
    "call_rwsem*", "osq_*", "percpu_down*", "percpu_up*", "lock_sock*", "release_sock", "__lock_sock", "local_bh_*", "__local_bh_*", "raw_local_irq*", "bit_spin*", "bit_wait*", "_cond_resched",
    "__cond_resched*", "seqcount_*", "write_seq*", "read_seq*", "console_lock", "folio_unlock", "folio_lock", "__folio_lock", "unlock_page", "__lock_page",
    "smp_*_lock*", "do_raw_*", "arch_spin*", "ticket_*", "lock_timer_base*",
    // memory
    "kmalloc*", "__kmalloc*", "___kmalloc*", "kmem_cache_*", "kmem_*", "__kmem*", "kzalloc*", "kcalloc*", "krealloc*", "__krealloc*", "__do_krealloc", "kfree", "kfree_*", "kvfree*", "kvmalloc*", "kvzalloc*", "kstrdup*", "kmemdup*",
    "kvasprintf*", "kasprintf*", "slab_*", "__slab_*", "___slab*", "cache_alloc*", "cache_free*", "cache_grow*", "free_debug*", "alloc_debug*", "setup_object*", "new_slab*", "allocate_slab*", "deactivate_slab*", "unfreeze_*",
    "__alloc_*", "alloc_*", "__get_free_pages*", "get_free_pages*", "get_page_from*", "free_pages*", "__free_*", "free_*page*", "free_large*", "page_alloc*", "__page_*", "prep_*", "post_alloc_hook", "rmqueue*", "vmalloc*", "__vmalloc*", "vzalloc*", "vfree*",
    "__vunmap", "remove_vm_area", "folio_alloc*", "filemap_alloc*", "mempool_*", "dma_pool*", "percpu_*", "pcpu_*", "__percpu*", "alloc_percpu*", "sock_kmalloc*", "sk_prot_alloc*", "sk_alloc", "__set_page_owner*", "__reset_page_owner", "object_err*",
    "check_slab*", "check_object*", "check_bytes*", "on_freelist", "warn_alloc*", "__zalloc*", "discard_slab", "cmpxchg_double*", "__list_lru_init",
    // strings, copies, formats
    "mem_*", "memcmp", "memcpy*", "__memcpy*", "memmove*", "__memmove*", "memset*", "__memset*", "memchr*", "memscan", "bcmp", "str*", "__str*", "sized_str*", "copy_*_user*", "_copy_*", "__copy_*", "copy_page_to_iter*", "copy_page_from_iter*",
    "copy_user_*", "clear_user*", "__clear_user*", "__get_user*", "__put_user*", "get_user*", "put_user*", "vsnprintf", "vscnprintf", "snprintf", "scnprintf", "sprintf", "vsprintf", "sscanf", "vsscanf", "string", "string_nocheck", "pointer", "number", "hex_string*",
    "hex_dump*", "crc32*", "__crc32*", "crc_*", "sort", "bsearch", "find_*_bit*", "find_bit*", "_find_*", "test_bit*", "test_and_*", "set_bit*", "clear_bit*", "__read_once*", "__write_once*", "read_word*", "__raw_read*", "__raw_write*", "ioread*", "iowrite*",
    "inb", "outb", "logic_inb*", "logic_outb*", "atomic_*", "__atomic*", "arch_atomic*", "instrument_*", "__phys_addr*", "__virt_to_phys*", "clear_page*", "copy_page*", "csum_*", "do_csum",
    // containers of the driver core, reference counts, timers, work
    "kobject_*", "__kobject_*", "kset_*", "put_device", "get_device", "device_add", "device_del", "device_unregister", "device_destroy", "device_release*", "device_create*", "device_initialize", "devm_*", "sysfs_*", "__kernfs*", "kernfs_*", "internal_create_group*",
    "proc_register", "proc_create*", "remove_proc*", "dpm_sysfs*", "bus_*", "driver_*", "really_probe*", "__driver_*", "__device_*", "device_attach", "device_initial_probe", "class_*", "timer_*", "del_timer*", "mod_timer*", "__mod_timer*", "add_timer*", "__queue_work*", "queue_work*", "queue_delayed*", "flush_work*",
    "__flush_work*", "flush_delayed*", "cancel_work*", "__cancel_work*", "cancel_delayed*", "work_is_static*", "complete", "complete_all", "__wake_up*", "wake_up*", "try_to_wake_up", "default_wake_function", "autoremove_wake*", "finish_wait", "prepare_to_wait*",
    "cleanup_srcu*", "skb_panic", "skb_over_panic", "skb_under_panic", "skb_put*", "skb_push*", "skb_pull*", "__skb_pull*", "__pskb*", "pskb_*", "kfree_skb*", "skb_release*", "__kfree_skb*", "consume_skb*", "alloc_skb*", "dev_alloc_skb*", "__dev_alloc*", "__netdev_alloc*",
    "netdev_alloc*", "dev_kfree*", "__dev_kfree*", "page_pool_alloc*", "__dev_queue_xmit", "drop_nlink", "inc_nlink", "fdget*", "__fdget*", "fget*", "__fget*", "fput*",
    // scheduling
    "__schedule*", "schedule*", "preempt_schedule*", "context_switch", "__switch_to*", "io_schedule*", "wait_for_*", "do_wait_for_*", "__wait_for_*", "ret_from_fork*", "kthread", "kthread_worker_fn", "rest_init", "start_kernel", "smp_call_function_*", "default_idle*", "cpu_idle*",
    "tick_*", "hrtimer_*", "__hrtimer_*", "update_process_times", "rcu_check_callbacks*", "rcu_sched_clock*", "apic_timer_interrupt", "smp_apic_timer*", "sysvec_*", "asm_sysvec*", "local_apic_timer*", "irq_work*", "retint_*", "common_interrupt",
    "softlockup_tick", "watchdog_timer*", "watchdog_overflow*", "perf_event_overflow*", "__perf_event_*", "intel_pmu_handle*", "x86_pmu_handle*", "sched_show_task*", "rcu_dump_*", "rcu_pending", "check_cpu_stall*", "update_*process*",
    "debug_print_object", "kmalloc_slab", "kmalloc_order*", "usb_submit_urb", "rollback_registered*", "unregister_netdevice_q*", "unregister_netdev", "get_random_*",
};

constexpr std::string_view waits[] = {
    "*sched*", "*_lock*", "*wait*", "*mutex*", "*down_*", "*down", "*completion*", "*rwsem*", "lock_*", "*bit_*wait*", "io_schedule*", "msleep*", "*_sleep*", "prepare_to_*", "*timeout*", "kthread_stop*", "flush_work*",
    "__flush_work*", "flush_workqueue*", "drain_workqueue", "rt_mutex*", "*percpu_rwsem*", "ret_from_fork*", "__switch_to*", "context_switch", "wb_wait*", "get_request*", "blk_mq_get_*", "call_usermodehelper*", "*rcu_gp*", "try_to_*", "*spin_*", "switch_to*", "jbd2_log_wait*",
};

constexpr std::string_view anchors[] = {
    // system calls
    "do_syscall_*", "entry_SYSCALL*", "entry_INT80*", "entry_SYSENTER*", "system_call*", "sysenter_*", "syscall_call", "tracesys*", "ia32_sysenter*", "int_ret_from*", "do_int80*", "do_fast_syscall*", "ret_fast_syscall", "el0_svc*", "el0t_64*", "invoke_syscall", "ret_from_fork*", "kthread", "child_rip",
    "vfs_read", "vfs_write", "vfs_ioctl", "do_vfs_ioctl", "vfs_iter_*", "vfs_writev", "vfs_readv", "vfs_fsync*", "__vfs_read", "__vfs_write", "new_sync_read", "new_sync_write", "do_sync_read", "do_sync_write", "ksys_read", "ksys_write", "ksys_ioctl", "netlink_sendmsg", "netlink_unicast", "netlink_rcv_skb", "rtnetlink_rcv_msg", "nfnetlink_rcv_msg", "genl_rcv_msg", "genl_family_rcv_msg*", "mmap_region", "__fput", "____fput", "do_dentry_open", "vfs_open", "compat_SyS_ioctl", "__ia32_compat_sys_ioctl", "SyS_ioctl", "__x64_sys_ioctl", "__se_sys_ioctl", "do_one_initcall", "sock_ioctl", "sock_sendmsg*", "sock_recvmsg*", "____sys_sendmsg", "____sys_recvmsg", "___sys_sendmsg", "___sys_recvmsg", "do_iter_*",
    "task_work_run", "do_exit", "do_group_exit", "get_signal*", "exit_to_user*", "syscall_exit*", "exit_to_usermode*", "prepare_exit_to*", "do_filp_open", "path_openat",
    // interrupts and deferred work
    "do_softirq*", "__do_softirq", "call_softirq", "run_ksoftirqd", "net_rx_action", "__napi_poll*", "napi_poll", "process_backlog", "netif_receive_skb*", "__netif_receive_skb*", "handle_irq*", "__handle_irq*", "do_IRQ", "call_timer_fn*", "run_timer_softirq", "__run_timers*", "expire_timers", "__run_hrtimer*",
    "__hrtimer_run_queues*", "hrtimer_run_softirq", "hrtimer_interrupt", "tasklet_action*", "tasklet_hi_action", "process_one_work", "process_scheduled_works", "worker_thread", "run_workqueue", "rcu_do_batch", "rcu_core*", "kernel_thread_helper", "do_idle", "cpu_startup_entry",
};

constexpr std::string_view modules[] = {"libcfs", "spl", "kasan_test"};

constexpr Family wait_names[] = {
    {"*synchronize_rcu*", "synchronize_rcu"}, {"*synchronize_srcu*", "synchronize_rcu"}, {"synchronize_net", "synchronize_rcu"}, {"synchronize_sched*", "synchronize_rcu"},
    {"__wait_rcu_gp", "synchronize_rcu"},     {"rtnl_lock*", "rtnl_lock"},               {"rtnl_net_lock*", "rtnl_lock"},
};
constexpr Family stall_names[] = {{"smp_call_function*", "smp_call_function"}, {"generic_exec_single", "smp_call_function"}};

}  // namespace

std::span<const std::string_view> reporter_patterns() { return reporters; }
std::span<const std::string_view> service_patterns() { return services; }
std::span<const std::string_view> wait_patterns() { return waits; }
std::span<const std::string_view> anchor_patterns() { return anchors; }
std::span<const std::string_view> reporting_modules() { return modules; }
std::span<const Family> wait_families() { return wait_names; }
std::span<const Family> stall_families() { return stall_names; }

bool matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace diag::kernel
