package io.mlops.api.common;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The one corpus of addresses with secrets in them, and of those that only look so. */
final class AddressesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "jdbc://anna:secret@host/db?x=@ jdbc://host/db?…",
                "s3://key:p@ss@bucket/a@b s3://bucket/a@b",
                "s3://KEY:se/cret@bucket/x s3://bucket/x",
                "s3://KEY:se?cr#et@bucket/x s3://bucket/x",
                "s3://key@bucket/x s3://bucket/x",
                "jdbc:postgresql://scott:tiger@db/prod jdbc:postgresql://db/prod",
                "jdbc:postgresql://db/prod?user=u&password=pw jdbc:postgresql://db/prod?…",
                "jdbc:postgresql://a:1,b:2/prod@x jdbc:postgresql://a:1,b:2/prod@x",
                "jdbc:sqlserver://db:1433;user=sa;password={p;w} jdbc:sqlserver://db:1433;…",
                "jdbc:oracle:thin:scott/ti@ger@//db:1521/prod jdbc:oracle:thin://db:1521/prod",
                "jdbc:oracle:thin:@//db:1521/prod jdbc:oracle:thin://db:1521/prod",
                "jdbc:h2:mem:x;PASSWORD=pw jdbc:h2:mem:x;…",
                "https://host/x.csv?sig=abc&token=t https://host/x.csv?…",
                "https://host/x.csv?abc https://host/x.csv?…",
                "https://host/x.csv#access_token=t https://host/x.csv#…",
                "/download/x.csv?token=t /download/x.csv?…",
                "https://host:8080/a@b https://host:8080/a@b",
                "http://[::1]:80/a@b http://[::1]:80/a@b",
                "s3://bucket/a@b#c s3://bucket/a@b#c",
                "/data/a@b.csv /data/a@b.csv",
                "what?.csv what?.csv",
                "C:\\data\\a@b.csv C:\\data\\a@b.csv",
                "https://host/? https://host/?",
                "s3://KEY:12/34@b s3://b",
                "s3://KEY:12/s3cret@b/a s3://b/a",
                "https://anna:s3@c/re@t@example.com/a https://example.com/a",
                "https://anna@x:s3/cret@host:80/a https://host:80/a",
                "https://anna:12/3s3cret@example.com/a https://example.com/a",
                "https://anna:s3cret https://anna:…",
                "https://anna:s3cret%40host/a https://host/a",
                "https://anna%3As3cret%40host/a https://host/a",
                "https://anna%40corp:s3%2Fcr%40et@host/a https://host/a",
                "https://anna:p%40s3/cret@host/a https://host/a",
                "https://anna:p?s3=cret@host/a https://…",
                "https://anna:x/y?token=s3@cret https://…",
                "https://h/x?X-Amz-Credential=k&X-Amz-Signature=s3cret https://h/x?…",
                "https://acc.blob.core.windows.net/c/x?sv=1&sig=s3%2Fcret https://acc.blob.core.windows.net/c/x?…",
                "https://host?token=s3@cret https://host?…",
                "git@host:path git@host:path",
                "git@github.com:org/repo.git git@github.com:org/repo.git",
                "s3cret@host:path host:path",
                "anna:s3cret@host:path host:path",
                "anna:s3/cret@host/path host/path",
                "anna@host:s3@cret cret",
                ":s3cret@host host",
                "anna:x@host?token=s3@cret …",
                "https:anna:s3cret@host/a host/a",
                "ssh://git@host:22/a/b.git ssh://git@host:22/a/b.git",
                "ssh://anna:s3cret@host/a ssh://host/a",
                "jdbc:mysql://db:3306/x?user=u&password=s3cret jdbc:mysql://db:3306/x?…",
                "jdbc:mysql://address=(host=h)(password=s3cret)/x jdbc:mysql://address=…/x",
                "jdbc:sqlserver://db:1433;user=sa;password=s3@cret jdbc:sqlserver://db:1433;…",
                "jdbc:oracle:thin:@//db:1521/prod?password=s3@cret jdbc:oracle:thin:…",
                "jdbc:oracle:thin:scott/tiger@tcps://db:1521/prod jdbc:oracle:thin:tcps://db:1521/prod",
                "https://host/ghp_abcdefghijklmnopqrstuvwxyz0123456789/x https://host/…/x",
                "https://host/api/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.s3cret_-/x https://host/api/…/x",
                "https://host:8443/a/b.csv https://host:8443/a/b.csv",
                "http://localhost:8080/anna@example.com/x http://localhost:8080/anna@example.com/x",
                "http://minio:9000/b/anna@work.csv http://minio:9000/b/anna@work.csv",
                "registry:5000/a@b registry:5000/a@b",
                "abfss://container@acc.dfs.core.windows.net/x abfss://container@acc.dfs.core.windows.net/x",
                "s3://arn:aws:s3:eu-west-1:1234:accesspoint/p/a@b s3://arn:aws:s3:eu-west-1:1234:accesspoint/p/a@b",
                "s3://minio:9000/bucket/x s3://minio:9000/bucket/x",
                "hdfs://a:8020,b:8020/x hdfs://a:8020,b:8020/x",
                "file:/data/a@b.csv file:/data/a@b.csv",
                "file:data/a@b.csv file:data/a@b.csv",
                "file:///C:/data/a@b.csv file:///C:/data/a@b.csv",
                "\\\\server\\share\\a@b.csv \\\\server\\share\\a@b.csv",
                "C:/data/a@b.csv C:/data/a@b.csv",
                "a@b.csv a@b.csv",
                "jdbc:h2:file:/data/a@b jdbc:h2:file:/data/a@b",
                "jdbc:sqlserver://db\\prod:1433 jdbc:sqlserver://db\\prod:1433",
                "https://host/a%40b/ghp_short https://host/a%40b/ghp_short"
            })
    void anAddressIsShownWithoutItsSecretsAndWithAllTheRest(String address, String shown) {
        assertThat(Addresses.withoutSecrets(address)).isEqualTo(shown).hasSizeLessThanOrEqualTo(address.length());
        assertThat(Addresses.withoutSecrets(shown)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hdfs://namenode:8020/user/anna@corp.com/data.parquet",
                "hdfs://namenode:8020/anna@corp.com/data.parquet",
                "http://minio:9000/bucket/a@b.com/f.csv",
                "ftp://files:21/pub/a@b.org/x",
                "s3://minio:9000/bucket/anna@corp.com/x",
                "abfss://c@acc.dfs.core.windows.net/users/anna@corp.com/x",
                "wasb://c@acc.blob.core.windows.net/a@b",
                "gitlab:group/x@y",
                "volume:data/anna@corp.com/x",
                "volume:data2/anna@corp.com/x",
                "shared:data/2024/anna@corp.com/x",
                "s3a://data:/x@y",
                "delta:sales@v3",
                "sales:q3@2024/05",
                "team:churn@prod",
                "owner:anna@corp.com",
                "docker:img@sha256:0123456789abcdef",
                "docker:img@sha256:…",
                "img:1.2@sha256:0123456789abcdef",
                "img@sha256:0123456789abcdef",
                "ghcr.io/org/img:1.2@sha256:0123456789abcdef",
                "sales@v3:rows",
                "see the wiki: ask anna@corp.com",
                "mailed by anna@corp.com: rows of May"
            })
    void aNameOrAddressWithoutSecretsIsShownAsItIs(String address) {
        assertThat(Addresses.withoutSecrets(address)).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "ftp://anna:s3cret@files/pub/a@b.org/x ftp://files/pub/a@b.org/x",
                "hdfs://anna@namenode/anna@corp.com/x hdfs://namenode/anna@corp.com/x",
                "https://anna:s3@c/ret@example.com/a https://…/a",
                "https://anna:1234/s3cret@example.com/a https://anna:1234/…/a",
                "s3a://AKIAEXAMPLE:/s3cret@bucket/x s3a://bucket/x",
                "s3://AKIAEXAMPLE:9000/s3/cret@bucket/x s3://bucket/x",
                "jdbc:mysql://address=(host=h)(password=s3cret)/x@y jdbc:mysql://address=…",
                "delta://table=sales/x@v3 delta://table=…",
                "s3cret:x-oauth-basic@host …",
                "?token=anna@s3://s3cret …",
                "anna:p4ss@?token=b/s3cret …",
                "anna@host:data/x@y host:data/x@y",
                "anna:s3cret@10.0.0.1:6379 10.0.0.1:6379",
                "anna:s3/cret@example.com/a …/a",
                "anna:s3cret@host …",
                "docker:s3cret@registry.example.com/img …/img",
                "docker:anna:s3cret@host/img …/img"
            })
    void whatMayBeASecretIsNeverShownNorIsItsEndAHost(String address, String shown) {
        assertThat(Addresses.withoutSecrets(address)).isEqualTo(shown).hasSizeLessThanOrEqualTo(address.length());
        assertThat(Addresses.withoutSecrets(shown)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@", "@:a", "a.", "x:1@", "%40", "/?a="})
    void longAddressesDoNoHarm(String part) {
        for (String scheme : new String[] {"", "https://", "s3://", "jdbc:oracle:thin:"}) {
            String address = scheme + part.repeat(2000);

            assertThat(Addresses.withoutSecrets(address)).hasSizeLessThanOrEqualTo(address.length());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.com/a/b.git, https://example.com/a/b.git",
        "https://anna@example.com/a, https://example.com/a",
        "https://anna:s3cret@example.com/a, https://example.com/a",
        "https://s3cret:x-oauth-basic@example.com:8443/a, https://example.com:8443/a",
        "https://anna:s3@cret@example.com/a, https://example.com/a",
        "HTTPS://Example.com/a?private_token=s3cret, https://Example.com/a",
        "https://example.com/a#s3cret, https://example.com/a",
        "http://[2001:db8::1]:80/a, http://[2001:db8::1]:80/a",
        "ssh://git@example.com:22/a/b.git, ssh://git@example.com:22/a/b.git",
        "ssh://anna:s3cret@example.com/~anna/b, ssh://example.com/~anna/b",
        "git://example.com/größe.git, git://example.com/größe.git",
        "git@example.com:a/b.git, git@example.com:a/b.git",
        "s3cret@example.com:a/b.git, example.com:a/b.git",
        "example.com:a/b.git, example.com:a/b.git"
    })
    void aRemoteIsNamedWithoutWhatMayBeASecret(String remote, String shown) {
        assertThat(Addresses.remote(remote)).contains(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/home/anna/churn",
                "../churn",
                "file:///home/anna/churn",
                "C:/Users/anna/churn",
                "C:\\Users\\anna\\churn",
                "ext::sh -c touch% x",
                "codecommit::eu-west-1://anna@repo",
                "ftp://anna:s3cret@example.com/a",
                "https://anna:s3/cret@example.com/a",
                "https://anna:12/3s3cret@example.com/a",
                "https://example.com/a;token=s3cret",
                "https://example.com/a b",
                "anna:s3cret@example.com:a/b",
                "https://user:s3cret@/a",
                "https:anna:s3cret@example.com/a",
                "https://example.com/glpat-abcdefghijklmnopqrst/a",
                "https://anna:s3cret%40example.com/a"
            })
    void aRemoteThatCannotBeToldFromASecretIsRefused(String remote) {
        assertThat(Addresses.remote(remote)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " https://u:s3cret@h/x",
                "\thttps://u:s3cret@h/x",
                "\u0000https://u:s3cret@h/x",
                "https:/u:s3cret@h/x",
                "https:///u:s3cret@h/x",
                "https:\\\\u:s3cret@h\\x",
                "//u:s3cret@h/x",
                " u:s3cret@h/x",
                "jdbc:oracle:thin:@(DESCRIPTION=(PASSWORD=s3cret))",
                "user=u password=s3cret host=h",
                "user=u Pwd = s3cret"
            })
    void noTypingErrorShowsAPassword(String address) {
        String shown = Addresses.withoutSecrets(address);

        assertThat(shown).doesNotContain("s3", "cret").hasSizeLessThanOrEqualTo(address.length());
        assertThat(Addresses.withoutSecrets(shown)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"file:/data/a:b@c/x", "/data/key=5/token=a/x.parquet", "//server/share/a@b.csv", " a b@c.csv"})
    void nothingElseIsTakenForOne(String address) {
        assertThat(Addresses.withoutSecrets(address)).isEqualTo(address);
    }
}
