package io.mlops.backends.http.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.mlops.api.common.CorruptDataException;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;

/** Reads answers in JSON, and tells pages from them. */
record JsonAnswers(JsonFactory json, Refusals refusals, Whereabouts whereabouts) {
    private static final int BEGINNING = 4096;

    <T> Answer<T> read(Call call, Caller.Exchange exchange, AnswerReader<T> reader) throws IOException {
        Reply reply = exchange.reply();
        if (reply.isCompressed()) {
            throw new TooMuchException("it is compressed, although it was asked not to be");
        }
        PushbackInputStream body = new PushbackInputStream(reply.body(), BEGINNING);
        int first = firstOf(body);
        if (first >= 0 && first != '{' && first != '[' && (first == '<' || !reply.mayBeJson())) {
            String text = new String(body.readNBytes(BEGINNING), StandardCharsets.UTF_8);
            return refusals.noJson(call, exchange, refusals.words(exchange, text));
        }
        try (JsonParser in = GuardedParser.of(json, body)) {
            in.nextToken();
            T value = reader.read(in);
            whereabouts.answered();
            return new Answer.Value<>(value);
        } catch (CorruptDataException e) {
            String message = String.valueOf(e.getMessage());
            String masked = refusals.mask().apply(exchange.sent(), message);
            throw new CorruptDataException(
                    refusals.server().name() + " answers " + call + " with damage: " + masked,
                    masked.equals(message) ? e : null);
        } catch (JsonProcessingException e) {
            // Its own message may repeat what the server says.
            throw new UnreadableException("the JSON of the answer ends or breaks at byte "
                    + (e.getLocation() == null ? "?" : e.getLocation().getByteOffset()));
        }
    }

    /** The first byte that is no blank, which is then read again; -1 of an empty answer. */
    private static int firstOf(PushbackInputStream body) throws IOException {
        for (int blanks = 0; blanks < BEGINNING; blanks++) {
            int one = body.read();
            if (one < 0) {
                return one;
            }
            if (one != ' ' && one != '\n' && one != '\r' && one != '\t') {
                body.unread(one);
                return one;
            }
        }
        throw new UnreadableException("the answer begins with blanks only");
    }
}
