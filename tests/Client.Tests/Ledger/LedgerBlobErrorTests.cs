using System.Diagnostics;
using System.Text;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class LedgerBlobErrorTests : LedgerBlobTest
{
    private const string Access = " Use a URL with a signature that permits to read, add and create, or -LedgerCredential with the role "
        + "Storage Blob Data Contributor.";

    private static readonly LedgerRecord s_line = Records.Intent("e1", "k1");

    [Theory]
    [InlineData(401, "NoAuthenticationInformation", Access)]
    [InlineData(403, "AuthorizationFailure", Access)]
    [InlineData(400, "InvalidHeaderValue", "")]
    [InlineData(409, "LeaseAlreadyPresent", "")]
    [InlineData(412, "LeaseIdMissing", "")]
    [InlineData(300, "Elsewhere", "")]
    public void An_error_of_the_server_is_reported_with_what_to_do(int status, string code, string advice)
    {
        LedgerBlob blob = Open();
        Server.Fault = _ => AppendBlobServer.Error(status, code);
        ChuiziException error = ShouldFail(() => blob.Refresh(new LedgerBook()), $"cannot be read: {status} {code}: It failed.{advice}");
        error.Status.ShouldBe(status);
        error.Code.ShouldBe(code);
        ShouldFail(() => _ = blob.Exists, $"cannot be read: {status} {code}.{advice}");
        if (status is not (409 or 412))
        {
            Server.Fault = request => request.Method == "PUT" ? AppendBlobServer.Error(status, code) : null;
            ShouldFail(() => Write(blob, null, s_line), $"cannot be created: {status} {code}: It failed.{advice}");
        }

        Add(s_line);
        Server.Fault = request => BlobProxy.IsAppend(request) ? AppendBlobServer.Error(status, code) : null;
        ShouldFail(() => Write(Open(), null, s_line), $"cannot be written: {status} {code}: It failed.{advice}");
        Server.Text.ShouldBe(Records.Text(s_line));
    }

    [Theory]
    [InlineData("ContainerNotFound")]
    [InlineData("BlobNotFound")]
    public void A_ledger_in_a_missing_container_can_be_read_but_not_created(string code)
    {
        Server.Fault = _ => AppendBlobServer.Error(404, code);
        LedgerBlob blob = Open();
        LedgerBook book = new();
        blob.Refresh(book);
        (book.Records, blob.Exists).ShouldBe((0, false));
        ShouldFail(() => Write(blob, book, s_line), $"cannot be created: 404 {code}: It failed. Create the container first.");
    }

    [Fact]
    public void A_container_that_was_deleted_is_reported()
    {
        Add(s_line);
        LedgerBlob blob = Open();
        blob.Refresh(new LedgerBook());
        Server.Fault = _ => AppendBlobServer.Error(404, "ContainerNotFound");
        ShouldFail(
            () => Write(blob, null, s_line), "cannot be written: 404 ContainerNotFound: It failed. Create the container first.");
    }

    [Fact]
    public void A_response_that_is_not_a_part_is_not_read()
    {
        Add(s_line);
        LedgerBlob blob = Open(TimeSpan.Zero);
        foreach (int status in new[] { 200, 299 })
        {
            Server.Fault = _ => RawReply.Of(status, "<html>Sign in</html>"u8.ToArray());
            ShouldFail(
                () => blob.Refresh(new LedgerBook()),
                $"cannot be read: expected a part of the blob (HTTP status 206), but got {status}. A proxy may have responded instead of "
                    + "Azure Storage.");
        }
    }

    [Fact]
    public void An_end_that_moves_although_nobody_writes_is_reported()
    {
        Add(s_line);
        Server.Fault = request => BlobProxy.IsAppend(request) ? RawReply.Of(412, [], "x-ms-request-id: one") : null;
        ShouldFail(
            () => Write(Open(TimeSpan.Zero), null, s_line),
            "cannot be written: its end is said to have moved, but nobody else has written. A proxy may have responded instead of Azure "
                + "Storage.");
        Server.Take().Count(request => request.StartsWith("APPEND", StringComparison.Ordinal)).ShouldBe(1);

        int left = 3;
        Server.Fault = request => BlobProxy.IsAppend(request) && left-- > 0 ? RawReply.Of(412, [], "x-ms-request-id: one") : null;
        Write(Open(), null, Alive());
        Server.Text.ShouldBe(Records.Text(s_line, Alive()));
    }

    [Theory]
    [InlineData("BlockBlob", "", "is a BlockBlob, but expected an append blob.")]
    [InlineData("AppendBlob", "Prompt\nA red kite\n", "is not a ledger: it contains no ledger records.")]
    [InlineData(null, "Prompt\nA red kite\n", "is not a ledger: it contains no ledger records.")]
    public void What_is_not_a_ledger_is_neither_read_nor_written(string? type, string text, string expected)
    {
        Server.Type = type;
        Server.Content = text.Length > 0 ? Encoding.UTF8.GetBytes(text) : Records.Bytes(s_line);
        string before = Server.Text;
        foreach (Action use in new Action[]
        {
            () => Open().Refresh(new LedgerBook()),
            () => Open().Refresh(null),
            () => Write(Open(), new LedgerBook(), s_line),
            () => Write(Open(), null, s_line),
        })
        {
            ChuiziException error = Should.Throw<ChuiziException>(use);
            error.Kind.ShouldBe(ChuiziErrorKind.InvalidLedger);
            error.Message.ShouldBe($"'{Server.Path}' {expected} Nothing was written to it and nothing was submitted.");
        }

        Server.Text.ShouldBe(before);
    }

    [Fact]
    public void Damage_after_the_first_read_is_reported_and_the_rest_is_read()
    {
        Add(s_line);
        LedgerBook book = new();
        LedgerBlob blob = Open();
        blob.Refresh(book);
        Server.Content = [.. Server.Content!, .. "Prompt\n"u8];
        Add(Records.Intent("e2"));
        blob.Refresh(book);
        Entries(book).ShouldBe(["e1", "e2"]);
        book.Damage.Single().ShouldStartWith("Line 2 is damaged");
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_request_is_repeated_until_its_outcome_is_known(int status)
    {
        Add(s_line);
        int left = 2;
        Server.Fault = _ => left-- <= 0 ? null
            : status < 0 ? new RawReply([], Close: true)
            : status == 0 ? RawReply.Of(404, "<html>Sign in</html>"u8.ToArray())
            : AppendBlobServer.Error(status, "ServerBusy");
        LedgerBook book = new();
        LedgerBlob blob = Open();
        blob.Refresh(book);
        Entries(book).ShouldBe(["e1"]);
        left = 2;
        Write(blob, book, Alive());
        Server.Text.ShouldBe(Records.Text(s_line, Alive()));
    }

    [Fact]
    public void Without_time_left_a_request_is_not_repeated()
    {
        Add(s_line);
        LedgerBlob blob = Open(TimeSpan.Zero);
        Server.Fault = _ => AppendBlobServer.Error(503, "ServerBusy");
        ShouldFail(() => blob.Refresh(new LedgerBook()), "cannot be read: 503 ServerBusy: It failed.");
        Server.Take().Length.ShouldBe(1);

        Server.Fault = _ => new RawReply([], Close: true);
        ChuiziException error = Should.Throw<ChuiziException>(() => blob.Refresh(new LedgerBook()));
        error.Kind.ShouldBe(ChuiziErrorKind.LedgerUnavailable);
        IOException cause = error.InnerException.ShouldBeOfType<IOException>();
        error.Message.ShouldBe($"The ledger '{Server.Path}' cannot be read: {cause.Message}");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_request_is_repeated_after_longer_and_longer_pauses()
    {
        int left = 3;
        Server.Fault = _ => left-- > 0 ? AppendBlobServer.Error(503, "ServerBusy") : null;
        Stopwatch watch = Stopwatch.StartNew();
        Open().Refresh(new LedgerBook());
        watch.Elapsed.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(150));
        Server.Take().Length.ShouldBe(4);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void The_server_decides_how_long_the_pause_is()
    {
        int left = 1;
        Server.Fault = _ => left-- > 0 ? RawReply.Of(503, [], "x-ms-request-id: one", "Retry-After: 1") : null;
        Stopwatch watch = Stopwatch.StartNew();
        Open().Refresh(new LedgerBook());
        watch.Elapsed.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(900));
        Server.Take().Length.ShouldBe(2);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_pause_is_not_longer_than_the_time_that_is_left()
    {
        Server.Fault = _ => RawReply.Of(503, [], "x-ms-request-id: one", "Retry-After: 3600");
        ShouldFail(() => Open(TimeSpan.FromMilliseconds(300)).Refresh(new LedgerBook()), "cannot be read: HTTP status 503.");
        Server.Take().Length.ShouldBeInRange(2, 10);
    }

    private ChuiziException ShouldFail(Action use, string expected)
    {
        ChuiziException error = Should.Throw<ChuiziException>(use);
        error.Kind.ShouldBe(ChuiziErrorKind.LedgerUnavailable);
        error.Message.ShouldBe($"The ledger '{Server.Path}' {expected}");
        return error;
    }
}
