package io.mlops.core.environment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GitRemoteTest {
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
    void whatMayBeASecretIsLeftOut(String remote, String shown) {
        assertThat(GitRemote.withoutSecrets(remote)).isEqualTo(shown);
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
                "https:anna:s3cret@example.com/a"
            })
    void whatCannotBeToldFromASecretIsRefused(String remote) {
        assertThat(GitRemote.withoutSecrets(remote)).isNull();
    }
}
