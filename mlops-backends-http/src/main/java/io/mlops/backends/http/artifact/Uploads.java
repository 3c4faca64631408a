package io.mlops.backends.http.artifact;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.RelativePath;
import io.mlops.api.spi.ContentCopy;
import io.mlops.backends.http.wire.Answer;
import io.mlops.backends.http.wire.Upload;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Sends files whose answer may be lost. Not for instances. */
final class Uploads {
    private static final int TRIES = 3;

    /** Number of bytes that are sent again without a look at what is there. */
    private static final long WORTH_LOOKING = 1 << 20;

    private Uploads() {}

    /**
     * Sends a file until it is known to be there. After a lost answer the size is looked at before a gigabyte is sent
     * again; a file that had that size before tells nothing, and is sent again.
     *
     * @param send sends all of it once
     * @param size how many bytes the file there has; empty if there is none
     */
    static Answer<Upload.Done> settled(
            RelativePath path, Content content, Supplier<Answer<Upload.Done>> send, Supplier<OptionalLong> size) {
        OptionalLong all = OptionalLong.of(content.bytes());
        boolean tells = content.bytes() > WORTH_LOOKING && !size.get().equals(all);
        Answer<Upload.Done> answer = send.get();
        for (int tried = 1; answer instanceof Answer.Unknown<Upload.Done>; tried++) {
            if (tells && size.get().equals(all)) {
                return new Answer.Value<>(new Upload.Done(ContentCopy.entry(path, content), null));
            }
            if (tried == TRIES) {
                return answer;
            }
            answer = send.get();
        }
        return answer;
    }
}
