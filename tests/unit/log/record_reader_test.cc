// What each transport states, and what is left as the message.
#include "log/record_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/record_list.h"

namespace diag::test {
namespace {

struct Row {
  std::string_view line, expected;
};

// One line, one record.
class OneLine : public testing::TestWithParam<Row> {};

TEST_P(OneLine, StatesWhatItsTransportSays) {
  EXPECT_THAT(shown_records(GetParam().line), testing::ElementsAre(GetParam().expected)) << GetParam().line;
}

constexpr Row console[] = {
    {"BUG: unable to handle", "| BUG: unable to handle"},
    {"   \t indented text  ", "| indented text"},
    {"[   12.345678] text", "u=12.345678 | text"},
    {"[    0.000000] Linux version 3.10.0", "u=0.000000 | Linux version 3.10.0"},
    {"[2001021079.622495] EIP: delay_tsc+0x3b/0xe0", "u=2001021079.622495 | EIP: delay_tsc+0x3b/0xe0"},
    {"[    1.127622]BUG: unable", "u=1.127622 | BUG: unable"},
    {"[ 104.630158] [<ffffffff81057a56>] foo+0x1/0x2", "u=104.630158 | [<ffffffff81057a56>] foo+0x1/0x2"},
    {"[   12.345678][   T12] text", "c=T12 u=12.345678 | text"},
    {"[   12.345678][    C3] text", "c=C3 u=12.345678 | text"},
    {"[    3.078160] [      T0] text", "c=T0 u=3.078160 | text"},
    {"[    T1] text", "c=T1 | text"},
    {"[ 1804]    89  1804    25638  0 qmgr", "| [ 1804]    89  1804    25638  0 qmgr"},
    {"[    0.000000 <    0.000100>] text", "u=0.000000 | text"},
    {"[  +0.000012] text", "| text"},
    {"[May18 10:11] text", "| text"},
    {"<4>text", "l=4 | text"},
    {"<0>[  12.000001] text", "l=0 u=12.000001 | text"},
    {"[   12.345678] <3>text", "l=3 u=12.345678 | text"},
    {"<4>[   12.345678][   C3] text", "l=4 c=C3 u=12.345678 | text"},
    {"<4><6>text", "l=6 | text"},
    {" <0>Kernel panic - not syncing: Fatal exception", "l=0 | Kernel panic - not syncing: Fatal exception"},
    {"<d> 87d8450dd4a67ed1 75d21d8b130dd332", "| 87d8450dd4a67ed1 75d21d8b130dd332"},
    {"<c>continued", "| continued"},
    {"<30>[    1.024271] systemd[1]: Started Journal Service.",
     "p=systemd[1] l=6 u=1.024271 | Started Journal Service."},
    {"<14>BUG: of a program", "p=user l=6 | BUG: of a program"},
    {"<29>udevd-work[7]: text", "p=udevd-work[7] l=5 | text"},
    {"[   22.164633] systemd-journald[154]: Vacuuming...", "p=systemd-journald[154] u=22.164633 | Vacuuming..."},
    {"[   22.164633] systemd[1]: segfault at 10 ip 0", "u=22.164633 | systemd[1]: segfault at 10 ip 0"},
    {"[   22.164633] chrome[2979]: segfault at 10 ip 0", "u=22.164633 | chrome[2979]: segfault at 10 ip 0"},
    {"[   22.164633] usb 1-1: new high-speed USB device", "u=22.164633 | usb 1-1: new high-speed USB device"},
    {"<192>too high", "| <192>too high"},
    {"<IRQ>  [<ffffffff80236459>] f+0x1/0x2", "| <IRQ>  [<ffffffff80236459>] f+0x1/0x2"},
    {"<<EOE>>  [<ffffffff80236459>] f+0x1/0x2", "| <<EOE>>  [<ffffffff80236459>] f+0x1/0x2"},
    {"[<0>] libcfs_call_trace+0x6f/0xa0", "| [<0>] libcfs_call_trace+0x6f/0xa0"},
    {"[drm] Num pipes: 1", "| [drm] Num pipes: 1"},
    {"[BRRAAIIIINNNSSSSS!] text", "| text"},
    {"kern  :warn  : [   12.345678] text", "l=4 u=12.345678 | text"},
    {"kern  :err   : text", "l=3 | text"},
    {"daemon:info  : [    1.024271] systemd[1]: Started.", "p=systemd[1] l=6 u=1.024271 | Started."},
    {"user  :notice: [    1.024271] 6: some test: Ok", "p=user l=5 u=1.024271 | 6: some test: Ok"},
    {"authpriv:info  : sshd[2]: text", "p=sshd[2] l=6 | text"},
    {"kern: not a level: text", "| kern: not a level: text"},
    {"[Mon Oct 14 03:12:01 2013] text", "w=2013-10-14T03:12:01 | text"},
    {"[Thu Sep  3 18:11:05 2015] usb 1-1: text", "w=2015-09-03T18:11:05 | usb 1-1: text"},
    {"Mon May 13 17:21:00 2019] Call Trace:", "w=2019-05-13T17:21:00 | Call Trace:"},
    {"2020-05-18T10:11:12,123456+02:00 text", "w=2020-05-18T08:11:12.123456Z | text"},
    {"6,416,1758426,-;text", "l=6 u=1.758426 | text"},
    {"30,416,1758426,-;systemd[1]: text", "p=systemd[1] l=6 u=1.758426 | text"},
    {"6.4.0,6,444,501151268,-;netconsole: network logging started",
     "l=6 u=501.151268 | netconsole: network logging started"},
    {"4,1509,12767657146,-,ncfrag=0/986;Modules linked in: nfs", "l=4 u=12767.657146 | Modules linked in: nfs"},
    {R"(6,416,1758426,-;a\x09b\x5cc\xe4)", "l=6 u=1.758426 | a\tb\\c\\xe4"},
    {"(XEN) Xen call trace:", "p=xen | Xen call trace:"},
    {"(XEN) [   12.345678] Xen call trace:", "p=xen u=12.345678 | Xen call trace:"},
    {" kernel:BUG: soft lockup - CPU#1 stuck", "p=kernel | BUG: soft lockup - CPU#1 stuck"},
    {"kernel: [   12.345678] text", "p=kernel u=12.345678 | text"},
};

constexpr Row stamps_of_terminals[] = {
    {"[2020-05-18 10:11:12] text", "w=2020-05-18T10:11:12 | text"},
    {"[2020-05-18 10:11:12.123] [   12.345678] text", "u=12.345678 w=2020-05-18T10:11:12.123000 | text"},
    {"2020-05-18T10:11:12.123 text", "w=2020-05-18T10:11:12.123000 | text"},
    {"2020-05-18T10:11:12.123  [   12.345678] text", "u=12.345678 w=2020-05-18T10:11:12.123000 | text"},
    {"2020-05-18T10:11:12.123 usb 1-1: new device", "w=2020-05-18T10:11:12.123000 | usb 1-1: new device"},
    {"2024-01-01T00:00:00.1234567Z usb 1-1: new device", "w=2024-01-01T00:00:00.123456Z | usb 1-1: new device"},
    {"2015-05-23 20:23:47 [90043.285625] Call Trace:", "u=90043.285625 w=2015-05-23T20:23:47 | Call Trace:"},
    {"00:00:12 [   12.345678] text", "u=12.345678 | text"},
    {"00:00:12 BUG: soft lockup", "| BUG: soft lockup"},
    {"09:00:00 UTC - mysqld got signal 11 ;", "| 09:00:00 UTC - mysqld got signal 11 ;"},
    {"05-18 10:11:12.123   123   456 W binder  : text", "p=binder[123] l=4 | text"},
    {"[Wed Oct 11 14:32:52 2000] [error] [client 192.0.2.1] text",
     "p=httpd w=2000-10-11T14:32:52 | [error] [client 192.0.2.1] text"},
    {"[Wed Oct 11 14:32:52.123456 2000] [core:error] [pid 35708] text",
     "p=httpd w=2000-10-11T14:32:52.123456 | [core:error] [pid 35708] text"},
    {"2020-08-06T14:25:02.835618Z 0 [Note] text", "w=2020-08-06T14:25:02.835618Z | 0 [Note] text"},
};

constexpr Row syslog[] = {
    {"Oct 14 03:12:01 host1 kernel: text", "h=host1 p=kernel w=--10-14T03:12:01 | text"},
    {"Mar  1 00:00:01 host1 kernel: text", "h=host1 p=kernel w=--03-01T00:00:01 | text"},
    {"Feb 29 00:00:01 host1 kernel: text", "h=host1 p=kernel w=--02-29T00:00:01 | text"},
    {"Oct 14 03:12:01 host1 kernel: [   12.345678] text", "h=host1 p=kernel u=12.345678 w=--10-14T03:12:01 | text"},
    {"Oct 14 03:12:01 host1 kernel: [   12.345678][   T12] text",
     "h=host1 p=kernel c=T12 u=12.345678 w=--10-14T03:12:01 | text"},
    {"Oct 14 03:12:01 host1 kernel: <4>[  12.345678] text",
     "h=host1 p=kernel l=4 u=12.345678 w=--10-14T03:12:01 | text"},
    {"Oct 14 03:12:01 host1 kernel: kernel: text", "h=host1 p=kernel w=--10-14T03:12:01 | text"},
    {"Oct 14 03:12:01 host1 kernel:[   12.345678] text", "h=host1 p=kernel u=12.345678 w=--10-14T03:12:01 | text"},
    {"Oct 14 03:12:01 host1 kernel[0]: text", "h=host1 p=kernel[0] w=--10-14T03:12:01 | text"},
    {"Oct 14 03:12:01 host1 kernel:", "h=host1 p=kernel w=--10-14T03:12:01 | "},
    {"Oct 14 03:12:01 host1 kernel: imklog 5.8.10, log source = /proc/kmsg started.",
     "h=host1 p=kernel w=--10-14T03:12:01 | imklog 5.8.10, log source = /proc/kmsg started."},
    {"Oct 14 03:12:01 host1 sshd[4242]: Accepted", "h=host1 p=sshd[4242] w=--10-14T03:12:01 | Accepted"},
    {"Oct 14 03:12:01 host1 postfix/smtpd[99]: NOQUEUE: reject",
     "h=host1 p=postfix/smtpd[99] w=--10-14T03:12:01 | NOQUEUE: reject"},
    {"Oct 14 03:12:01 host1 sshd(pam_unix)[19939]: opened",
     "h=host1 p=sshd(pam_unix)[19939] w=--10-14T03:12:01 | opened"},
    {"Oct 14 03:12:01 host1 gdm-password][1234]: text", "h=host1 p=gdm-password][1234] w=--10-14T03:12:01 | text"},
    {"Oct 14 03:12:01 host1 CROND[7]: (root) CMD (x)", "h=host1 p=CROND[7] w=--10-14T03:12:01 | (root) CMD (x)"},
    {"Oct 14 03:12:01 host1 org.gnome.Shell.desktop[2]: WARNING: x",
     "h=host1 p=org.gnome.Shell.desktop[2] w=--10-14T03:12:01 | WARNING: x"},
    {"Oct 14 03:12:01 host1 rsyslogd-2177: imuxsock begins",
     "h=host1 p=rsyslogd-2177 w=--10-14T03:12:01 | imuxsock begins"},
    {"Oct 14 03:12:01 host1 app[77] text", "h=host1 p=app[77] w=--10-14T03:12:01 | text"},
    {"Oct 14 03:12:01 host1 syslogd 1.4.1: restart.", "h=host1 p=syslogd w=--10-14T03:12:01 | syslogd 1.4.1: restart."},
    {"Oct 14 03:12:01 host1 noTagHere BUG: message", "h=host1 p=noTagHere w=--10-14T03:12:01 | noTagHere BUG: message"},
    {"Oct 14 03:12:01 host1 -- MARK --", "h=host1 w=--10-14T03:12:01 | -- MARK --"},
    {"Oct 14 03:12:01 host1.example.com kernel: mce: text",
     "h=host1.example.com p=kernel w=--10-14T03:12:01 | mce: text"},
    {"Oct 14 03:12:01 kernel: text", "p=kernel w=--10-14T03:12:01 | text"},
    {"Oct 14 03:12:01 sshd[12]: text", "p=sshd[12] w=--10-14T03:12:01 | text"},
    {"Oct 14 2013 03:12:01 host1 kernel: text", "h=host1 p=kernel w=2013-10-14T03:12:01 | text"},
    {"Oct 14 03:12:01 2013 host1 kernel: text", "h=host1 p=kernel w=2013-10-14T03:12:01 | text"},
    {"2013 Oct 14 03:12:01 host1 kernel: text", "h=host1 p=kernel w=2013-10-14T03:12:01 | text"},
    {"Oct 14 2013 03:12:01 fw1 : %ASA-6-302013: Built", "h=fw1 p=%ASA-6-302013 w=2013-10-14T03:12:01 | Built"},
    {"Mar 01 00:00:01.123456 host1 kernel: text", "h=host1 p=kernel w=--03-01T00:00:01.123456 | text"},
    {"<4>Oct 14 03:12:01 host1 kernel: text", "h=host1 p=kernel l=4 w=--10-14T03:12:01 | text"},
    {"<13>Oct 14 03:12:01 host1 su: text", "h=host1 p=su l=5 w=--10-14T03:12:01 | text"},
    {"Mon Mar  1 00:00:01 2014 kern.warn kernel: [   12.345678] text",
     "p=kernel l=4 u=12.345678 w=2014-03-01T00:00:01 | text"},
    {"Jan  1 00:00:04 host1 daemon.err dnsmasq[5]: text", "h=host1 p=dnsmasq[5] l=3 w=--01-01T00:00:04 | text"},
    // The text of a netconsole, relayed: its first words are no host and no program.
    {"Oct 14 03:12:01 10.0.0.5 BUG: unable to handle", "h=10.0.0.5 w=--10-14T03:12:01 | BUG: unable to handle"},
    {"Oct 14 03:12:01 10.0.0.5 [   12.345678] BUG: unable", "h=10.0.0.5 u=12.345678 w=--10-14T03:12:01 | BUG: unable"},
    {"Oct 14 03:12:01 10.0.0.5 [<ffffffff81057a56>] foo+0x1/0x2",
     "h=10.0.0.5 w=--10-14T03:12:01 | [<ffffffff81057a56>] foo+0x1/0x2"},
    {"Oct 14 03:12:01 10.0.0.5 Call Trace:", "h=10.0.0.5 w=--10-14T03:12:01 | Call Trace:"},
    {"Oct 14 03:12:01 BUG: unable to handle", "w=--10-14T03:12:01 | BUG: unable to handle"},
    {"Oct 14 03:12:01 Call Trace:", "w=--10-14T03:12:01 | Call Trace:"},
    {"Oct 14 03:12:01 [   12.345678] text", "u=12.345678 w=--10-14T03:12:01 | text"},
    // No stamps.
    {"Oct 34 03:12:01 host1 kernel: text", "| Oct 34 03:12:01 host1 kernel: text"},
    {"Oct 14 25:12:01 host1 kernel: text", "| Oct 14 25:12:01 host1 kernel: text"},
    {"Oct 14 03:12 host1 kernel: text", "| Oct 14 03:12 host1 kernel: text"},
    {"October 14 03:12:01 host1 kernel: text", "| October 14 03:12:01 host1 kernel: text"},
    // A program's text stays as it is.
    {"Oct 14 03:12:01 host1 app[7]: <4>[  12.345678] [   1.000000] BUG: &lt; \xc2\xa0 x",
     "h=host1 p=app[7] w=--10-14T03:12:01 | <4>[  12.345678] [   1.000000] BUG: &lt; \xc2\xa0 x"},
    {"Oct 14 03:12:01 host1 app: a#011b", "h=host1 p=app w=--10-14T03:12:01 | a\tb"},
    {"Oct 14 03:12:01 host1 app: \x1b[31mred#033[0m#015", "h=host1 p=app w=--10-14T03:12:01 | red"},
    {"Oct 14 03:12:01 host1 app: ticket #1012 and #09", "h=host1 p=app w=--10-14T03:12:01 | ticket #1012 and #09"},
};

constexpr Row rfcs_and_journal[] = {
    {"2014-11-20T01:02:03.123456+01:00 host1 kernel: text", "h=host1 p=kernel w=2014-11-20T00:02:03.123456Z | text"},
    {"2014-11-20T01:02:03Z host1 sshd[7]: text", "h=host1 p=sshd[7] w=2014-11-20T01:02:03Z | text"},
    {"2014-11-20T01:02:03-05:00 host1 kernel: [   12.345678] text",
     "h=host1 p=kernel u=12.345678 w=2014-11-20T06:02:03Z | text"},
    {"<34>1 2003-10-11T22:14:15.003Z host1 su - ID47 - \xef\xbb\xbf'su root' failed",
     "h=host1 p=su l=2 w=2003-10-11T22:14:15.003000Z | 'su root' failed"},
    {R"(<4>1 2014-03-01T00:00:10.5+01:00 host1 app 77 ID47 [ex@32473 iut="3" q="a\"b]"][x y="z"] text)",
     "h=host1 p=app[77] l=4 w=2014-02-28T23:00:10.500000Z | text"},
    {"<4>1 2014-03-01T00:00:10Z host1 kernel - - -  [   12.345678] text",
     "h=host1 p=kernel l=4 u=12.345678 w=2014-03-01T00:00:10Z | text"},
    {"<4>1 - - - - - - text", "p=- l=4 | text"},
    {"<6>1 and no more", "l=6 | 1 and no more"},
    {"2014-03-01T00:00:01+0000 host1 kernel: text", "h=host1 p=kernel w=2014-03-01T00:00:01Z | text"},
    {"Sat 2014-03-01 00:00:01 UTC host1 systemd[1]: text", "h=host1 p=systemd[1] w=2014-03-01T00:00:01Z | text"},
    {"Sat 2014-03-01 00:00:01 CET host1 kernel: text", "h=host1 p=kernel w=2014-03-01T00:00:01 | text"},
    {"Sat 2014-03-01 00:00:01 UTC host1 session-3.scope[77]: text",
     "h=host1 p=session-3.scope[77] w=2014-03-01T00:00:01Z | text"},
    {"1393632001.123456 host1 kernel: text", "h=host1 p=kernel w=2014-03-01T00:00:01.123456Z | text"},
    {"[12345.678901] host1 kernel: text", "h=host1 p=kernel u=12345.678901 | text"},
    {R"({"MESSAGE":"a \"b\" \u00e4\ud83d\ude00\n","PRIORITY":"3","_HOSTNAME":"host1","SYSLOG_IDENTIFIER":"app","_PID":"12","__REALTIME_TIMESTAMP":"1393632001123456"})",
     "h=host1 p=app[12] l=3 w=2014-03-01T00:00:01.123456Z | a \"b\" \u00e4\U0001F600"},
    {R"({ "MESSAGE" : [ 72, 105, 9, 33 ], "_TRANSPORT" : "kernel", "_SOURCE_MONOTONIC_TIMESTAMP" : "2500000", "__MONOTONIC_TIMESTAMP" : "9" })",
     "p=kernel u=2.500000 | Hi\t!"},
    {R"({"MESSAGE":["first","second"],"_COMM":"tool","X":{"deep":[1,"]"]},"PRIORITY":7})", "p=tool l=7 | first"},
    {R"({"MESSAGE":"text","_TRANSPORT":"stdout"})", "p=unknown | text"},
    {R"({"MESSAGE":null,"_TRANSPORT":"kernel"})", R"(| {"MESSAGE":null,"_TRANSPORT":"kernel"})"},
    {R"({"MESSAGE":"no end)", R"(| {"MESSAGE":"no end)"},
    {R"({"log":"[   12.345678] text\n","stream":"stdout"})", "u=12.345678 | text"},
    {R"(- {"dt": "2022-01-01", "lvl": "target", "msg": "[   12.345678] a \"b\""})", "u=12.345678 | a \"b\""},
    {R"([    1.143924] ------------ cut here ------------"})", "u=1.143924 | ------------ cut here ------------"},
    {R"({"config": 1})", R"(| {"config": 1})"},
};

constexpr Row pasted[] = {
    {"> text", "> | text"},
    {">> text", "> | text"},
    {"> > > [   12.345678] text", "u=12.345678 > | text"},
    {">text", "> | text"},
    {"| text", "> | text"},
    {"| a | b |", "| | a | b |"},
    {">", "> | "},
    {">>EIP; c0123456 <foo+12/34>   <=====", "| >>EIP; c0123456 <foo+12/34>   <====="},
    {"> Oct 14 03:12:01 host1 kernel: text", "h=host1 p=kernel w=--10-14T03:12:01 > | text"},
    {"<IRQ>\xc2\xa0 [<ffffffff80236459>] f+0x1/0x2", "| <IRQ>  [<ffffffff80236459>] f+0x1/0x2"},
    {"&lt;IRQ&gt;&nbsp; [&lt;ffffffff80236459&gt;] f+0x1/0x2", "| <IRQ>  [<ffffffff80236459>] f+0x1/0x2"},
    {"[&amp;lt;ffffffff80236459&amp;gt;] a &amp; b &#39;c&#x27; &quot;d&quot; &unknown;",
     "| [<ffffffff80236459>] a & b 'c' \"d\" &unknown;"},
    {"<pre>[   12.345678] text<br>", "u=12.345678 | text"},
    {"<p><code>text</code></p>", "| text"},
    {"<br />text<br/>", "| text"},
    {"<span class=\"log\">&lt;4&gt;text</span>", "l=4 | text"},
    {"Oct\xc2\xa0 1 03:12:01 host1 kernel: text", "h=host1 p=kernel w=--10-01T03:12:01 | text"},
    {"icmp_send+0\xc3\x97"
     "5bf/0\xc3\x97"
     "5c0",
     "| icmp_send+0x5bf/0x5c0"},
    {"\xe2\x80\x94[ end trace 5a1e2c3d4b5f6071 ]\xe2\x80\x94", "| ---[ end trace 5a1e2c3d4b5f6071 ]---"},
    {"Kernel panic \xe2\x80\x93 not syncing", "| Kernel panic - not syncing"},
    {"\xe2\x80\x9c"
     "echo 0\xe2\x80\x9d \xe2\x80\xa6",
     "| \"echo 0\" ..."},
    {"caf\xc3\xa9 \xf0\x9f\x98\x80 \xff\xa0", "| caf\xc3\xa9 \xf0\x9f\x98\x80 \xff"},
    {"Code: 48 8b <c3> 90", "| Code: 48 8b <c3> 90"},
    {"Code: 48 8b 07 <dd>", "| Code: 48 8b 07 <dd>"},
    {"\x1b[1;31m[   12.345678]\x1b[0m text\x1b[K\r", "u=12.345678 | text"},
    {"\x1b]0;title\a\x1b(B[   12.345678] te\x1b[mxt", "u=12.345678 | text"},
    {"spin |\b/\b-\bdone", "| spin done"},
};

[[maybe_unused]] void PrintTo(const Row& row, std::ostream* out) { *out << row.line; }

INSTANTIATE_TEST_SUITE_P(Console, OneLine, testing::ValuesIn(console));
INSTANTIATE_TEST_SUITE_P(Terminal, OneLine, testing::ValuesIn(stamps_of_terminals));
INSTANTIATE_TEST_SUITE_P(Syslog, OneLine, testing::ValuesIn(syslog));
INSTANTIATE_TEST_SUITE_P(RfcsAndJournal, OneLine, testing::ValuesIn(rfcs_and_journal));
INSTANTIATE_TEST_SUITE_P(Pasted, OneLine, testing::ValuesIn(pasted));

}  // namespace
}  // namespace diag::test
