// Writes the logs that the bench reads:  crash_log ordinary|crashes|frames|line SIZE > FILE
// ordinary: SIZE MB of syslog with an oops now and then; crashes: SIZE MB of nothing but oopses; frames: one trace of SIZE
// thousand frames; line: one line of SIZE MB.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

unsigned long state = 88172645463325252;
unsigned long random_number() {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

void oops(std::string& out, const char* prefix) {
  char line[256];
  const auto say = [&](const char* text) { out += prefix; out += text; out += '\n'; };
  std::snprintf(line, sizeof line, "Unable to handle kernel NULL pointer dereference at %016lx RIP: ", random_number() % 4096);
  say(line);
  say(" [<ffffffff88665bab>] :ip_tables:ipt_do_table+0x295/0x2fa");
  say("PGD 1f5f6067 PUD 1f5f7067 PMD 0 ");
  say("Oops: 0000 [1] SMP ");
  say("CPU 1 ");
  say("Modules linked in: tun ip_tables(U) bridge nfs lockd sunrpc");
  say("Pid: 3911, comm: qemu-kvm Tainted: G      2.6.18-274.el5 #1");
  say("RIP: 0010:[<ffffffff88665bab>]  [<ffffffff88665bab>] :ip_tables:ipt_do_table+0x295/0x2fa");
  say("RSP: 0018:ffff810107bb7830  EFLAGS: 00010246");
  for (const char* r : {"RAX", "RDX", "RBP", "R10", "R13"}) {
    std::snprintf(line, sizeof line, "%s: %016lx RBX: %016lx RCX: %016lx", r, random_number(), random_number(), random_number());
    say(line);
  }
  say("Process qemu-kvm (pid: 3911, threadinfo ffff8101fc74c000, task ffff8101fe4ba100)");
  say("Call Trace:");
  for (int i = 0; i < 20; ++i) {
    std::snprintf(line, sizeof line, " [<ffffffff80%06lx>] function_%lu+0x%lx/0xfff", random_number() % 0xffffff, random_number() % 500, 1 + random_number() % 0xff0);
    say(line);
  }
  say("Code: 48 8b 47 18 48 89 c2 48 c1 e8 03 83 e2 07 48 8d 04 40 48 c1");
  say("RIP  [<ffffffff88665bab>] :ip_tables:ipt_do_table+0x295/0x2fa");
  say(" RSP <ffff810107bb7830>");
}

void ordinary_line(std::string& out) {
  char line[256];
  const auto n = random_number();
  const int second = static_cast<int>(n % 60);
  switch (n / 64 % 4) {
    case 0: std::snprintf(line, sizeof line, "Oct 14 03:12:%02d web1 postfix/smtpd[%lu]: connect from unknown[192.0.2.%lu]\n", second, n % 9999, n % 255); break;
    case 1: std::snprintf(line, sizeof line, "Oct 14 03:12:%02d web1 dovecot: imap-login: Login: user=<user%lu>, method=PLAIN, rip=192.0.2.%lu, TLS\n", second, n % 999, n % 255); break;
    case 2: std::snprintf(line, sizeof line, "Oct 14 03:12:%02d web1 crond[%lu]: (root) CMD (/usr/lib64/sa/sa1 1 1)\n", second, n % 9999); break;
    default: std::snprintf(line, sizeof line, "Oct 14 03:12:%02d web1 kernel: IN=eth0 OUT= SRC=192.0.2.%lu DST=198.51.100.7 LEN=40 TTL=49 PROTO=TCP DPT=23\n", second, n % 255);
  }
  out += line;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string what = argv[1];
  const unsigned long size = std::strtoul(argv[2], nullptr, 10);
  std::string out;
  if (what == "frames") {
    out = "BUG: soft lockup - CPU#1 stuck for 22s! [a:1]\nCall Trace:\n";
    for (unsigned long i = 0; i < size * 1000; ++i) out += " [<ffffffff80012345>] function_" + std::to_string(i % 1000) + "+0x10/0x20\n";
  } else if (what == "line") {
    out.assign(size << 20, 'x');
    out += '\n';
  } else {
    while (out.size() < size << 20) {
      if (what == "crashes") oops(out, "");
      else if (random_number() % 5600 == 0) oops(out, "Oct 14 03:12:09 web1 kernel: ");
      else ordinary_line(out);
    }
  }
  std::fwrite(out.data(), 1, out.size(), stdout);
  return 0;
}
