package dev.vitrine.http;

import io.vertx.core.MultiMap;
import jakarta.activation.DataHandler;
import java.io.File;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/** Reads a {@code multipart/form-data} request: form fields become headers, the one file becomes the body. */
public final class Multipart {
    private static final String FILE_FIELD = "image_file";

    /**
     * Replaces all headers by the fields of the form, and the body by the file of the field {@code image_file}, or null
     * where there is none. Names that the client gave to files are dropped. The variable {@code workFile} names the file,
     * which is this request's own and may be moved.
     *
     * @throws ProblemException 415 for another media type, 400 for two files or a file in another field
     */
    public void read(Exchange exchange) {
        if (!(exchange.getMessage() instanceof HttpMessage request)
                || !isMultipart(request.getRequest().getHeader("Content-Type"))) {
            throw new ProblemException(
                    415,
                    "Send multipart/form-data, for example: curl -F product_id=mug-1 -F name=Mug -F image_file=@mug.jpg",
                    List.of());
        }
        File file = file(request);
        MultiMap form = request.getRequest().formAttributes();
        request.setHeaders(new HashMap<>());
        for (String field : form.names()) {
            List<String> values = form.getAll(field);
            if (!field.startsWith("Camel")) {
                request.setHeader(field, values.size() == 1 ? values.get(0) : values);
            }
        }
        request.setBody(file);
        exchange.setVariable("workFile", file == null ? null : file.getPath());
    }

    private static boolean isMultipart(String contentType) {
        return contentType != null && contentType.regionMatches(true, 0, "multipart/form-data", 0, 19);
    }

    private static File file(HttpMessage request) {
        int files = request.getHeader(Exchange.ATTACHMENTS_SIZE, 0, Integer.class);
        if (files > 1) {
            throw ProblemException.ofField(400, FILE_FIELD, files + " files were sent; send one");
        }
        Map<String, DataHandler> parts =
                request.getExchange().getMessage(AttachmentMessage.class).getAttachments();
        if (files == 1 && (parts == null || !parts.containsKey(FILE_FIELD))) {
            throw ProblemException.ofField(400, FILE_FIELD, "is missing; the file came under another field name");
        }
        return files == 1 ? request.getBody(File.class) : null;
    }
}
