package io.mlops.api.common;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses without {@code ://}, which look like the names that people give to data: what stands before an {@code @} is
 * left out only where it reads like a user and a password, and marked as left out where nobody can tell.
 */
final class BareAddresses {
    /** Oracle's driver takes {@code scott/tiger@host} without any mark before it. */
    private static final Pattern ORACLE_USER =
            Pattern.compile("(jdbc:oracle:[a-z0-9]+:)(.*)@(.*)", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
    /** Credentials without a scheme, told from a host with its port, and from what is no address of another machine. */
    private static final Pattern BARE_USER = Pattern.compile(
            "(?!(?:file|jar|classpath|arn|urn|jdbc):|git@)([^/\\\\:]*):(?![/\\\\\\s]|[0-9]{1,5}/)(.*)@(.*)",
            Pattern.DOTALL);

    private static final String DIGEST_OR_NUMBER =
            "(?:(?:sha[0-9-]+|md5|blake[0-9a-z]+|xxh[0-9]+):[0-9a-fA-F…]*|[vV]?[0-9]+(?:\\.[0-9]+)?(?:[:/].*)?)";
    /** Versions that names end with, which look like hosts with ports or paths. */
    private static final Pattern VERSION = Pattern.compile(DIGEST_OR_NUMBER, Pattern.DOTALL);

    private static final Pattern SCP_USER = Pattern.compile(
            "(?!git@)[^/\\\\:@\\s]+@(?!" + DIGEST_OR_NUMBER + "$)([^/\\\\:@\\s]+:(?!\\s).*)", Pattern.DOTALL);
    /** Words before a colon that say of which kind a name is, and whose user nobody is called like. */
    private static final Pattern KIND = Pattern.compile(
            "artifact|bitbucket|catalog|collection|container|datasets?|dbfs|delta|docker|dvc|feature|git|github|gitlab"
                    + "|hf|hive|huggingface|iceberg|image|kaggle|kafka|lakefs|mlflow|models?|oci|openml|pypi|maven"
                    + "|registry|repo|runs|snapshot|table|topic|view|volumes?",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern HOST_AND_MORE =
            Pattern.compile("(?:\\[[^\\]]*]|[\\p{L}\\p{N}_.%-]+)[:/?#;].*", Pattern.DOTALL);
    private static final Pattern WHOLE_HOST = Pattern.compile("[\\w-]+\\.[\\w.-]+[:/?#;].*", Pattern.DOTALL);
    /** Words mixed with digits, except for versions, and what words are not made of. */
    private static final Pattern SECRET =
            Pattern.compile("[^\\p{L}\\p{N}._=/-]|[0-9]\\p{L}|(?:\\p{L}\\p{L}|(?![vV])\\p{L})[0-9]");

    /** The password beside a token that stands in place of the user. */
    private static final String TOKEN_BEFORE = "x-oauth-basic";

    private BareAddresses() {}

    static String withoutUser(String address) {
        Matcher oracle = ORACLE_USER.matcher(address);
        if (oracle.matches()) {
            boolean unclear = AnyAddresses.PARAMETERS.matcher(oracle.group(2)).find();
            return oracle.group(1) + (unclear ? AnyAddresses.CUT : oracle.group(3));
        }
        Matcher bare = BARE_USER.matcher(address);
        if (bare.matches() && !isName(bare)) {
            return withoutCredentials(bare);
        }
        Matcher scp = SCP_USER.matcher(address);
        if (!scp.matches()) {
            return address;
        }
        boolean unclear = AnyAddresses.PARAMETERS
                .matcher(address.substring(0, scp.start(1)))
                .find();
        return unclear ? AnyAddresses.CUT : scp.group(1);
    }

    static boolean looksSecret(String text) {
        return SECRET.matcher(text).find();
    }

    /** Whether this is what somebody calls some data, and holds no credentials. */
    private static boolean isName(Matcher bare) {
        String user = bare.group(1);
        String secret = bare.group(2);
        String after = bare.group(3);
        if (user.isEmpty()) {
            return false;
        }
        if (user.chars().anyMatch(Character::isWhitespace)) {
            return true;
        }
        boolean slashed = secret.indexOf('/') >= 0;
        if (VERSION.matcher(after).matches()) {
            return slashed || user.indexOf('@') < 0;
        }
        boolean kind = KIND.matcher(user).matches() && secret.indexOf(':') < 0;
        if (slashed) {
            return kind || !looksSecret(secret);
        }
        boolean host = HOST_AND_MORE.matcher(after).matches();
        return kind
                ? !WHOLE_HOST.matcher(after).matches()
                : !host
                        && user.indexOf('@') < 0
                        && !looksSecret(user)
                        && !looksSecret(secret)
                        && !secret.equals(TOKEN_BEFORE);
    }

    private static String withoutCredentials(Matcher bare) {
        String user = bare.group(1);
        String secret = bare.group(2);
        String after = bare.group(3);
        if (AnyAddresses.PARAMETERS.matcher(user + ":" + secret).find()) {
            return AnyAddresses.CUT;
        }
        boolean host = HOST_AND_MORE.matcher(after).matches();
        boolean sure = secret.indexOf('/') >= 0
                ? host && !WHOLE_HOST.matcher(after).matches()
                : host || user.indexOf('@') >= 0;
        if (user.isEmpty() || (sure && !KIND.matcher(user).matches())) {
            return after;
        }
        return AnyAddresses.CUT + AnyAddresses.pathOf(after);
    }
}
