package io.mlops.api.common;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts the secrets that somebody may have written into an address out of it: the one place that every address passes
 * before it is stored, logged or named in an exception.
 */
public final class Addresses {
    private static final String CUT = "…";

    private static final Pattern URI = Pattern.compile("([A-Za-z][A-Za-z0-9+.:-]*)://([^/?#]*)(.*)", Pattern.DOTALL);
    /** Hosts with ports, as many as a cluster names, or the name that Amazon gives to an access point. */
    private static final Pattern HOSTS = Pattern.compile("arn:[^@]*|(?:\\[[^\\]]*]|[^:,@\\[\\]=(]*)(?::[0-9]*)?"
            + "(?:,(?:\\[[^\\]]*]|[^:,@\\[\\]=(]*)(?::[0-9]*)?){0,50}");
    /**
     * Schemes of buckets, which have no ports: with an {@code @} further on, what looks like one is the beginning of a
     * secret.
     */
    private static final Set<String> BUCKETS = Set.of("s3", "s3a", "s3n", "gs", "oss");
    /** Addresses in Azure's storage, in which the container, and no user, stands before the host. */
    private static final Pattern CONTAINER = Pattern.compile("(?:abfss?|wasbs?)://[\\w$-]{1,63}@[^@]*");
    /**
     * Text that reads like a host and a path, but may be the middle of a password with a slash, since a whole host
     * follows.
     */
    private static final Pattern HOST_LATER = Pattern.compile(
            "(?!localhost[:/])[\\w%-]+(:[0-9]+)?/[^?#]*@(?:[\\w-]++\\.)++[A-Za-z]{2,}[:/].*", Pattern.DOTALL);

    private static final String CODED_AT = "%40";
    /** Addresses of Oracle's driver, which takes {@code scott/tiger@host} without any mark before it. */
    private static final Pattern ORACLE_USER =
            Pattern.compile("(jdbc:oracle:[a-z0-9]+:)(.*)@(.*)", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
    /** Credentials without a scheme, told from a host with its port, and from what is no address of another machine. */
    private static final Pattern BARE_USER = Pattern.compile(
            "(?!(?:file|jar|classpath|arn|urn|jdbc):|git@)[^/\\\\:]*:(?![/\\\\]|[0-9]{1,5}/).*@(.*)", Pattern.DOTALL);

    private static final Pattern SCP_USER = Pattern.compile("(?!git@)[^/\\\\:@]+@([^/\\\\:@]+:.*)", Pattern.DOTALL);
    private static final Pattern URI_PARAMETERS = Pattern.compile("\\?.+|;[^/=;?]*=.*|#[^/=#?]*=.*", Pattern.DOTALL);
    private static final Pattern PARAMETERS = Pattern.compile("[?;#][^/=?;#]*=.*", Pattern.DOTALL);
    /** Tokens that begin with the mark of their issuer, and signed ones. */
    private static final Pattern TOKEN = Pattern.compile("(?<![A-Za-z0-9])(?:(?:gh[opsur]|hf|npm)_[A-Za-z0-9]{20,}"
            + "|github_pat_\\w{20,}|glpat-[\\w-]{16,}|xox[a-z]-[\\w-]{10,}|eyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*)");

    private static final Set<String> REMOTES = Set.of("http", "https", "ssh", "git", "git+ssh", "ssh+git");
    private static final Pattern REMOTE_URI =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/]*)(/[^?#]*)(?:[?#].*)?");
    private static final Pattern REMOTE_AUTHORITY =
            Pattern.compile("(?:.*@)?([\\w.-]+|\\[[0-9a-fA-F:.]+])(:[0-9]{1,5})?", Pattern.DOTALL);
    /** Remotes as scp writes them; a single letter before the colon is a drive of Windows. */
    private static final Pattern REMOTE_SCP =
            Pattern.compile("(?:([^@/:]*)@)?([\\w.-]{2,}|\\[[0-9a-fA-F:.]+]):([^:].*)");
    /** Paths without an {@code @}, since one with it may be the end of a password that holds a slash. */
    private static final Pattern REMOTE_PATH = Pattern.compile("[\\p{L}\\p{M}\\p{N}._~/+%-]{1,400}");

    private Addresses() {}

    /**
     * Cuts user, password, parameters and tokens out of any address or path. Where a secret cannot be told from the
     * rest, more than the secret is left out. The result is never longer, and the same if done twice. The user
     * {@code git} is everybody, and stays.
     */
    public static String withoutSecrets(String address) {
        Matcher uri = URI.matcher(address);
        String shown = uri.matches()
                ? uri.group(1) + "://" + cut(URI_PARAMETERS, withoutUser(uri.group(1), uri.group(2), uri.group(3)))
                : cut(PARAMETERS, withoutBareUser(address));
        return TOKEN.matcher(shown).replaceAll(CUT);
    }

    /**
     * The address of a repository on another machine, to be recorded as where code came from: without user, password,
     * tokens and parameters; empty if these cannot be told from the rest for sure, or it is a place on this machine.
     */
    public static Optional<String> remote(String address) {
        Matcher uri = REMOTE_URI.matcher(address);
        if (uri.matches()) {
            String scheme = uri.group(1).toLowerCase(Locale.ROOT);
            Matcher authority = REMOTE_AUTHORITY.matcher(uri.group(2));
            if (!REMOTES.contains(scheme) || !authority.matches() || !isPlain(uri.group(3))) {
                return Optional.empty();
            }
            String user = scheme.contains("ssh") && uri.group(2).startsWith("git@") ? "git@" : "";
            String port = authority.group(2) == null ? "" : authority.group(2);
            return Optional.of(scheme + "://" + user + authority.group(1) + port + uri.group(3));
        }
        Matcher scp = REMOTE_SCP.matcher(address);
        return scp.matches() && isPlain(scp.group(3))
                ? Optional.of(("git".equals(scp.group(1)) ? "git@" : "") + scp.group(2) + ":" + scp.group(3))
                : Optional.empty();
    }

    private static boolean isPlain(String path) {
        return REMOTE_PATH.matcher(path).matches() && !TOKEN.matcher(path).find();
    }

    private static String withoutUser(String scheme, String authority, String rest) {
        String all = authority + rest;
        String lower = scheme.toLowerCase(Locale.ROOT);
        if (CONTAINER.matcher(lower + "://" + all).matches()) {
            return all;
        }
        int at = authority.lastIndexOf('@');
        if (at < 0 && rest.indexOf('@') < 0) {
            at = authority.lastIndexOf(CODED_AT);
            at = at < 0 ? at : at + CODED_AT.length() - 1;
        }
        if (at >= 0 && !isJdbcParameter(lower, authority, at)) {
            String host = authority.substring(at + 1);
            String without = HOST_LATER.matcher(host + rest).matches()
                    ? withoutSlashedUser(host, host + rest)
                    : withoutUser(scheme, host, rest);
            boolean everybody = lower.contains("ssh") && authority.lastIndexOf("git@") == 0 && at == 3;
            return everybody ? "git@" + without : without;
        }
        String hosts = isJdbcParameter(lower, authority, authority.length())
                ? authority.substring(0, authority.indexOf(';'))
                : authority;
        return isHosts(lower, hosts, rest) ? all : withoutSlashedUser(hosts, all);
    }

    /**
     * Whether a position lies among the settings of a JDBC driver, which follow a semicolon; elsewhere a semicolon may
     * be part of a password.
     */
    private static boolean isJdbcParameter(String scheme, String authority, int at) {
        int semicolon = authority.indexOf(';');
        return scheme.startsWith("jdbc:")
                && semicolon >= 0
                && semicolon < at
                && (authority.indexOf('=', semicolon) >= 0 || authority.startsWith(CUT, semicolon + 1));
    }

    /** Whether this names machines, and not the beginning of a secret that goes on after a slash. */
    private static boolean isHosts(String scheme, String hosts, String rest) {
        boolean bucketWithSecret = BUCKETS.contains(scheme)
                && !hosts.startsWith("arn:")
                && hosts.indexOf(':') >= 0
                && rest.indexOf('@') >= 0;
        Matcher later = HOST_LATER.matcher(hosts + rest);
        boolean noPort = later.matches() && later.group(1) != null;
        return !bucketWithSecret
                && !noPort
                && !hosts.contains(CODED_AT)
                && HOSTS.matcher(hosts).matches();
    }

    /**
     * Cuts a secret that itself holds a slash, and goes on up to the last {@code @} if there is one; no host looks like
     * that.
     */
    private static String withoutSlashedUser(String hosts, String all) {
        int at = all.lastIndexOf('@');
        if (at >= 0) {
            return PARAMETERS.matcher(all.substring(0, at)).find() ? CUT : all.substring(at + 1);
        }
        int from = 0;
        while (from < hosts.length() && ":=(%[,".indexOf(hosts.charAt(from)) < 0) {
            from++;
        }
        return from + 1 >= hosts.length() ? all : hosts.substring(0, from + 1) + CUT + all.substring(hosts.length());
    }

    private static String withoutBareUser(String address) {
        Matcher oracle = ORACLE_USER.matcher(address);
        if (oracle.matches()) {
            boolean unclear = PARAMETERS.matcher(oracle.group(2)).find();
            return oracle.group(1) + (unclear ? CUT : oracle.group(3));
        }
        Matcher bare = BARE_USER.matcher(address);
        if (bare.matches()) {
            boolean unclear =
                    PARAMETERS.matcher(address.substring(0, bare.start(1))).find();
            return unclear ? CUT : bare.group(1);
        }
        Matcher scp = SCP_USER.matcher(address);
        return scp.matches() ? scp.group(1) : address;
    }

    /** Cuts all parameters, since any may be a password or a signature. */
    private static String cut(Pattern parameters, String address) {
        Matcher first = parameters.matcher(address);
        return first.find() ? address.substring(0, first.start() + 1) + CUT : address;
    }
}
