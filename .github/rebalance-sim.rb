# The Homebrew formula of a release: the workflow puts version, places and sums where names stand between at signs.
class RebalanceSim < Formula
  desc "Simulates how Apache RocketMQ consumer groups rebalance"
  homepage "@HOMEPAGE@"
  version "@VERSION@"
  license "Apache-2.0"

  on_macos do
    on_arm do
      url "@URL@/rebalance-sim-aarch64-apple-darwin.tar.gz"
      sha256 "@aarch64-apple-darwin@"
    end
    on_intel do
      url "@URL@/rebalance-sim-x86_64-apple-darwin.tar.gz"
      sha256 "@x86_64-apple-darwin@"
    end
  end
  on_linux do
    on_arm do
      url "@URL@/rebalance-sim-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@aarch64-unknown-linux-musl@"
    end
    on_intel do
      url "@URL@/rebalance-sim-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@x86_64-unknown-linux-musl@"
    end
  end

  def install
    bin.install "rebalance-sim"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/rebalance-sim.bash" => "rebalance-sim"
    zsh_completion.install "completions/_rebalance-sim"
    fish_completion.install "completions/rebalance-sim.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/rebalance-sim --version")
  end
end
