#include "kernel_oracle/network_lab.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <string_view>
#include <thread>

namespace diag::oracle {

namespace {

constexpr const char* names = "/run/netns";
constexpr std::uint16_t test_ports[] = {5000, 7000};

// Only root may, and a sandbox may still say no: tried in a child, so that this process stays where it is.
bool can_unshare() {
  const pid_t child = fork();
  if (child == 0)
    _exit(unshare(CLONE_NEWNET | CLONE_NEWNS) == 0 && mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0
              ? 0
              : 1);
  int status = 1;
  waitpid(child, &status, 0);
  return status == 0;
}

bool have_program(const std::string& name) {
  for (const auto* folder : {"/usr/sbin/", "/sbin/", "/usr/bin/", "/bin/"})
    if (access((folder + name).c_str(), X_OK) == 0) return true;
  return false;
}

std::string read_all(int fd) {
  std::string text;
  char block[65536];
  for (ssize_t n; (n = read(fd, block, sizeof block)) > 0;) text.append(block, static_cast<std::size_t>(n));
  return text;
}

int temporary(const std::string& content) {
  const int fd = open("/tmp", O_TMPFILE | O_RDWR, 0600);
  if (fd >= 0 && write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size()))
    lseek(fd, 0, SEEK_SET);
  return fd;
}

// This process enters a namespace of its own for the host; guests are named ones on a /run/netns that nobody else sees.
bool enter_private_host() {
  if (unshare(CLONE_NEWNET | CLONE_NEWNS) != 0) return false;
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  mkdir(names, 0755);
  return mount("tmpfs", names, "tmpfs", 0, nullptr) == 0;
}

sockaddr_in address(const char* text, std::uint16_t port) {
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(port);
  inet_pton(AF_INET, text, &a.sin_addr);
  return a;
}

std::uint16_t checksum(const unsigned char* bytes, std::size_t size) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i + 1 < size; i += 2) sum += static_cast<std::uint32_t>(bytes[i] << 8 | bytes[i + 1]);
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return htons(static_cast<std::uint16_t>(~sum));
}

}  // namespace

const char* to_string(Flow flow) {
  constexpr const char* texts[] = {"guest to guest",   "guest to host",    "outside to guest",
                                   "guest to outside", "bridge to bridge", "host to guest"};
  return texts[static_cast<std::size_t>(flow)];
}

CommandResult run(const std::vector<std::string>& command, const std::string& input) {
  CommandResult result;
  const int in = temporary(input), out = temporary(""), err = temporary("");
  const pid_t child = fork();
  if (child == 0) {
    dup2(in, 0);
    dup2(out, 1);
    dup2(err, 2);
    setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
    std::vector<char*> words;
    for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    execvp(words[0], words.data());
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  lseek(out, 0, SEEK_SET);
  lseek(err, 0, SEEK_SET);
  result.output = read_all(out);
  result.errors = read_all(err);
  for (const int fd : {in, out, err}) close(fd);
  return result;
}

std::string NetworkLab::missing(const std::string& backend) {
  for (const auto& program : {std::string("ip"), "iptables-" + backend + "-restore", "iptables-" + backend + "-save"})
    if (!have_program(program)) return "the program " + program + " is not installed";
  if (geteuid() != 0 || !can_unshare()) return "network namespaces need root (CAP_NET_ADMIN and CAP_SYS_ADMIN)";
  return {};
}

struct NetworkLab::Senders {
  struct Place {
    int udp = -1, icmp = -1, space = -1;
  };
  std::map<std::string, Place> places;
  int host_space = -1;
  std::vector<int> listening;

  ~Senders() {
    for (auto& [name, place] : places)
      for (const int fd : {place.udp, place.icmp, place.space}) close(fd);
    for (const int fd : listening) close(fd);
    close(host_space);
  }
};

NetworkLab::~NetworkLab() = default;

namespace {

// The commands that build the lab; a line that begins with '?' may fail.
constexpr std::string_view commands = R"(ip link set lo up
ip netns add g1
ip netns add g2
ip netns add g3
ip netns add out
ip link add br0 type bridge
ip link add br1 type bridge
ip link add p0 type veth peer name eth0 netns g1
ip link add p1 type veth peer name eth0 netns g2
ip link add p2 type veth peer name eth0 netns g3
ip link add e0 type veth peer name eth0 netns out
ip link set p0 master br0
ip link set p1 master br0
ip link set p2 master br1
ip addr add 10.0.0.1/24 dev br0
ip addr add 10.0.1.1/24 dev br1
ip addr add 10.0.2.1/24 dev e0
ip link set br0 address 02:00:00:00:00:01
ip link set br1 address 02:00:00:00:01:01
ip link set e0 address 02:00:00:00:02:01
ip -n g1 link set eth0 address 02:00:00:00:00:02
ip -n g2 link set eth0 address 02:00:00:00:00:03
ip -n g3 link set eth0 address 02:00:00:00:01:02
ip -n out link set eth0 address 02:00:00:00:02:02
ip link set p0 up
ip link set p1 up
ip link set p2 up
ip link set br0 up
ip link set br1 up
ip link set e0 up
ip -n g1 link set eth0 up
ip -n g2 link set eth0 up
ip -n g3 link set eth0 up
ip -n out link set eth0 up
ip -n g1 addr add 10.0.0.2/24 dev eth0
ip -n g2 addr add 10.0.0.3/24 dev eth0
ip -n g3 addr add 10.0.1.2/24 dev eth0
ip -n out addr add 10.0.2.2/24 dev eth0
ip -n g1 route add default via 10.0.0.1
ip -n g3 route add default via 10.0.1.1
ip -n out route add default via 10.0.2.1
ip -n g1 neigh add 10.0.0.1 lladdr 02:00:00:00:00:01 dev eth0 nud permanent
ip -n g1 neigh add 10.0.0.9 lladdr 02:00:00:00:00:03 dev eth0 nud permanent
ip -n out neigh add 10.0.2.1 lladdr 02:00:00:00:02:01 dev eth0 nud permanent
ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:02 dev br0 nud permanent
ip neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev br0 nud permanent
ip neigh add 10.0.1.9 lladdr 02:00:00:00:01:02 dev br1 nud permanent
ip neigh add 10.0.2.9 lladdr 02:00:00:00:02:02 dev e0 nud permanent
ip neigh add 10.0.2.2 lladdr 02:00:00:00:02:02 dev e0 nud permanent)";

std::string build_links() {
  for (std::size_t at = 0; at < commands.size();) {
    const auto end = std::min(commands.find('\n', at), commands.size());
    std::vector<std::string> words;
    for (auto line = commands.substr(at, end - at); !line.empty();) {
      const auto blank = std::min(line.find(' '), line.size());
      words.emplace_back(line.substr(0, blank));
      line.remove_prefix(std::min(blank + 1, line.size()));
    }
    const auto result = run(words);
    if (result.status != 0) return std::string(commands.substr(at, end - at)) + ": " + result.errors;
    at = end + 1;
  }
  return {};
}

// ICMP errors of the host's own REJECT rules would run through OUTPUT and blur the count: the rate limit holds them
// back.
std::string set_switches() {
  const std::pair<const char*, const char*> values[] = {
      {"/proc/sys/net/ipv4/ip_forward", "1"},
      {"/proc/sys/net/ipv4/icmp_ratelimit", "1000000000"},
      {"/proc/sys/net/ipv4/icmp_ratemask", "2097151"},
      {"/proc/sys/net/bridge/bridge-nf-call-iptables", "1"},
  };
  for (const auto& [path, value] : values) {
    const int fd = open(path, O_WRONLY);
    const bool written = fd >= 0 && write(fd, value, std::strlen(value)) > 0;
    if (fd >= 0) close(fd);
    if (!written) return std::string("cannot set ") + path;
  }
  return {};
}

}  // namespace

std::unique_ptr<NetworkLab> NetworkLab::build(std::string& error) {
  if (!enter_private_host()) {
    error = "cannot make namespaces";
    return nullptr;
  }
  error = build_links();
  if (error.empty()) error = set_switches();
  if (!error.empty()) return nullptr;
  auto lab = std::make_unique<NetworkLab>();
  lab->senders_ = std::make_unique<Senders>();
  auto& senders = *lab->senders_;
  senders.host_space = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  for (const std::string name : {"g1", "out", "host"}) {
    auto& place = senders.places[name];
    place.space = name == "host" ? dup(senders.host_space)
                                 : open((std::string(names) + "/" + name).c_str(), O_RDONLY | O_CLOEXEC);
    setns(place.space, CLONE_NEWNET);
    place.udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    place.icmp = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
  }
  setns(senders.host_space, CLONE_NEWNET);
  // Ports that take what comes to the host, so that it need not answer.
  for (const std::uint16_t port : test_ports) {
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const auto at = address("0.0.0.0", port);
    bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at);
    senders.listening.push_back(fd);
  }
  return lab;
}

namespace {

void send_icmp(int fd, const char* to) {
  unsigned char packet[32] = {ICMP_ECHOREPLY, 0};  // a reply: nobody answers it
  const auto sum = checksum(packet, sizeof packet);
  std::memcpy(packet + 2, &sum, sizeof sum);
  const auto at = address(to, 0);
  (void)sendto(fd, packet, sizeof packet, MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&at), sizeof at);
}

void send_udp(int fd, const char* to, std::uint16_t port) {
  const auto at = address(to, port);
  (void)sendto(fd, "x", 1, MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&at), sizeof at);
}

void send_tcp(const char* to) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const auto at = address(to, 5000);
  (void)connect(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at);
  close(fd);
}

}  // namespace

// The addresses ending in 9 belong to nobody: whoever gets the packet drops it in silence.
void NetworkLab::send(Flow flow) {
  struct Way {
    const char *from, *to;
  };
  constexpr Way ways[] = {{"g1", "10.0.0.9"}, {"g1", "10.0.0.1"}, {"out", "10.0.0.9"},
                          {"g1", "10.0.2.9"}, {"g1", "10.0.1.9"}, {"host", "10.0.0.9"}};
  const auto& [from, to] = ways[static_cast<std::size_t>(flow)];
  const auto& place = senders_->places[from];
  setns(place.space, CLONE_NEWNET);
  for (const std::uint16_t port : test_ports) send_udp(place.udp, to, port);
  send_icmp(place.icmp, to);
  send_tcp(to);
  setns(senders_->host_space, CLONE_NEWNET);
  std::this_thread::sleep_for(std::chrono::milliseconds(3));  // veth hands packets over in a softirq, at once
}

}  // namespace diag::oracle
