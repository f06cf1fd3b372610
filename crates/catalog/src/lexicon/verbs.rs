//! The tables: verbs by what they do, in their base form, and the nouns that end names of plain reads.
//! A word that  missing here is unknown, and what is unknown is not taken for harmless.

use Category::{Destructive, Execute, Financial, Other, Read, Write};
use Force::{Noun, Plain, Weak};
use policy::Category;

use super::Force;

pub(super) const TABLES: &[(Category, Force, &str)] = &[
    (
        Read,
        Plain,
        "get gets fetch retrieve read find show describe lookup browse check inspect discover analyze analyse \
         compare summarize summarise explain verify enumerate paginate detect identify extract parse decode \
         decompile diff resolve whois ping tail obtain collect gather crawl scrape translate transcribe \
         tokenize introspect visualize visualise recommend suggest classify predict diagnose return validate \
         display peek poll explore  watch observe calculate review assess lint searching is \
         obtener obtiene listar lista buscar consultar leer ver mostrar",
    ),
    (
        Read,
        Noun,
        "capture take news list search query view count preview estimate forecast track monitor rank match filter sort \
         screenshot snapshot trace score measure audit download access quote lookups tree scan \
         research",
    ),
    (
        Read,
        Weak,
        "select compute convert encode hash think plan learn ask evaluate determine provide provides use uses test \
         help helps tell looks look  simulate benchmark choose encrypt render export contain \
         contains plot draw format generate_report profile normalize combine step map demonstrate hash \
         derive given know understand demonstrate reflect debug investigate see view decrypt print",
    ),
    (
        Write,
        Plain,
        "create manage add update set edit modify write insert upsert put save append rename move  duplicate clone \
         upload import attach assign unassign notify send publish register subscribe unsubscribe enable disable \
         activate deactivate configure change replace overwrite merge commit unlink transition invite mute \
         unmute follow unfollow unpin unarchive unlock reopen reject authorize authorise login \
         install upgrade initialize scaffold restore revert rollback ingest apply sync synchronize rotate \
         grant ban kick adjust increment decrement rebase  persist define alter migrate fill \
         type drag allocate enroll acknowledge  toggle submit bookmark favorite favourite  vote upvote \
         implement reassign relate associate embed adopt  crear crea actualizar actualiza agregar enviar modificar \
         reactivar signup logout bind unbind establish stage unstage dismiss annotate provision promote reply respond \
         customize personalise personalize provisioning complete remember memorize unmark signin signout \
         reschedule reorder arrange edits overlay crop resize_image",
    ),
    (
        Write,
        Noun,
        "place report rate store mark copy new comment post label tag index log record note share pin archive draft fork star push pull patch stash \
         link lock schedule book block group ungroup close_issue message email sms tweet reply react watchlist document \
         join leave issue trash_restore branch hide unhide feature queue enqueue bulk queue append_row mail report_issue",
    ),
    (
        Write,
        Weak,
        "make renew  handle process generate build convert_to refresh maintain prepare draft interact work produce \
         design administer curate organize organise format approve allow switch cancel reset request pause \
         reserve propose extend load close_position accept confirm finish",
    ),
    (
        Execute,
        Plain,
        "execute deploy exec run invoke trigger start stop restart reboot launch eval navigate spawn dispatch scale \
          checkout resume simulate_run orchestrate delegate emulate fuzz attack inject rerun retry \
          goto boot suspend reload rebuild recreate control ssh chat compile automate send_command \
         ejecutar  hover click press tap swipe scroll wait unpause kickoff instruct shutdown",
    ),
    (Execute, Weak, "perform conduct do performs"),
    (
        Execute,
        Noun,
        "play sleep prompt call command script shell terminal exec bash focus step continue interrupt breakpoint drive powershell \
         stream turn job loop serve debug_step",
    ),
    (
        Destructive,
        Plain,
        "delete remove drop destroy erase purge wipe truncate uninstall terminate kill nuke unregister \
         revoke flush delist deprovision evict expunge shred discard prune deregister clear decommission \
         unpublish del rm rmdir eliminar elimina borrar annihilate obliterate wipeout teardown unstake_all",
    ),
    (Destructive, Noun, "down trash empty cleanup clean"),
    (
        Financial,
        Plain,
        "pay purchase buy sell withdraw redeem borrow repay unstake refund liquidate reimburse donate \
         depositfor disburse remit topup  ",
    ),
    (
        Financial,
        Noun,
        "payout tip bid stake swap deposit trade charge transfer lend bridge claim mint burn wrap unwrap airdrop supply invest",
    ),
    (Other, Plain, "close connect disconnect keepalive noop heartbeat resize maximize minimize"),
    (Other, Noun, "open echo"),
];

/// Nouns at the end of a name that make it a question: what is the status, which are the details.
pub(super) const FACTS: &str = "status state info information details detail summary history stats statistics \
    metrics health version versions schema price prices balance balances quote quotes ticker tickers depth \
    klines candles overview docs documentation help types type data results result leaderboard lookup \
    trends analysis analytics logs usage ranking rankings events times time date weather forecast config \
    configuration settings profile capabilities list listing contents metadata properties content guide \
    index count counts total estimate report reports score address addresses report_list insights audit \
    calendar schedule positions activity apy tvl rate rates orderbook volume holders reference fee fees limits rules pairs";
