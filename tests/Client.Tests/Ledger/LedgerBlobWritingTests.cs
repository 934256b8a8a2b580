using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class LedgerBlobWritingTests : LedgerBlobTest
{
    private static readonly LedgerRecord s_first = Records.Intent("e1", "k1");
    private static readonly LedgerRecord s_second = Records.Intent("e2", "k2");

    [Fact]
    public void A_missing_blob_is_created_by_the_first_line()
    {
        LedgerBlob blob = Open();
        Write(blob, null, s_first);
        Server.Take().ShouldBe(["HEAD", "CREATE", "APPEND 0"]);
        Write(blob, null, s_second);
        Server.Take().ShouldBe([$"APPEND {Records.Bytes(s_first).Length}"]);
        Server.Text.ShouldBe(Records.Text(s_first, s_second));
        blob.Exists.ShouldBeTrue();
        Server.Take().ShouldBeEmpty();
    }

    [Fact]
    public void A_blob_that_was_read_as_missing_is_created()
    {
        LedgerBlob blob = Open();
        blob.Refresh(new LedgerBook());
        Write(blob, null, s_first);
        Server.Take().ShouldBe([$"GET 0-{PieceLength - 1}", "CREATE", "APPEND 0"]);
    }

    [Fact]
    public void A_blob_that_another_machine_creates_at_the_same_time_is_used()
    {
        Server.Fault = request =>
        {
            Server.Content ??= request.Method == "PUT" ? Records.Bytes(s_first) : null;
            return null;
        };
        Write(Open(), new LedgerBook(), s_second);
        Server.Text.ShouldBe(Records.Text(s_first, s_second));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    public void Without_a_book_only_the_start_and_the_end_are_read(int lines)
    {
        LedgerRecord[] records = [.. Enumerable.Repeat(Alive(), lines)];
        Add(records);
        int length = Server.Content!.Length;
        int known = Math.Min(length, MarkLength);
        LedgerBlob blob = Open();
        Write(blob, null, s_first);
        Server.Take().ShouldBe(["HEAD", "GET 0-65535", $"GET {length - known}-{length - 1}", $"APPEND {length}"]);
        Server.Text.ShouldBe(Records.Text([.. records, s_first]));

        int end = Server.Content!.Length;
        int mark = Math.Min(Math.Max(known, end - length), MarkLength);
        blob.Refresh(null);
        Server.Take().ShouldBe([$"GET {end - mark}-{end + PieceLength - 1}"]);
        blob.Rewind();
        Write(blob, null, s_second);
        Server.Take().ShouldBe(["HEAD", "GET 0-65535", $"GET {Math.Max(0, end - MarkLength)}-{end - 1}", $"APPEND {end}"]);
        Server.Text.ShouldBe(Records.Text([.. records, s_first, s_second]));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_last_line_without_a_line_feed_is_kept_apart(bool hasBook, bool isWritten)
    {
        Server.Content = Records.Bytes(Alive(), s_first)[..^1];
        string before = Server.Text;
        LedgerBlob blob = Open();
        LedgerRecord[] records = isWritten ? [s_second] : [];
        Write(blob, hasBook ? new LedgerBook() : null, records);
        Server.Text.ShouldBe(isWritten ? Records.Text(Alive(), s_first, s_second) : before);
        Write(blob, hasBook ? new LedgerBook() : null, Alive());
        Server.Text.ShouldEndWith("\n" + Records.Text([.. records, Alive()]));
    }

    [Fact]
    public void A_decision_to_write_nothing_after_the_first_read_stands()
    {
        Add(s_first);
        LedgerBook book = new();
        List<int> seen = [];
        Open().Write(book, _ => seen.Add(book.Entries.Count), () => seen.Add(-1));
        seen.ShouldBe([1]);
        Server.Take().ShouldBe([$"GET 0-{PieceLength - 1}"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_later_decision_to_write_nothing_is_made_again_on_what_is_there_now(bool isChanged)
    {
        Add(s_first);
        LedgerBook book = new();
        LedgerBlob blob = Open(TimeSpan.Zero);
        blob.Refresh(book);
        Server.Take();
        if (isChanged)
        {
            Add(s_second);
        }

        List<int> seen = [];
        blob.Write(book, _ => seen.Add(book.Entries.Count), () => seen.Add(-1));
        seen.ShouldBe([1, -1, isChanged ? 2 : 1]);
        Server.Take().Length.ShouldBe(1);
        Server.Text.ShouldBe(isChanged ? Records.Text(s_first, s_second) : Records.Text(s_first));
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Whoever_writes_second_reads_first_and_decides_again()
    {
        Queue<string> others = new(["o1", "o2", "o3"]);
        LedgerBook book = new();
        LedgerBlob blob = Open(TimeSpan.Zero);
        Add(s_first);
        blob.Refresh(book);
        Server.Fault = request =>
        {
            if (BlobProxy.IsAppend(request) && others.TryDequeue(out string? entry))
            {
                Add(Records.Intent(entry));
            }

            return null;
        };
        List<int> seen = [];
        blob.Write(
            book,
            lines =>
            {
                seen.Add(book.Entries.Count);
                LedgerSerializer.Write(lines, s_second);
            },
            () => seen.Add(-1));
        seen.ShouldBe([1, -1, 2, -1, 3, -1, 4]);
        Server.Text.ShouldBe(Records.Text(s_first, Records.Intent("o1"), Records.Intent("o2"), Records.Intent("o3"), s_second));
    }

    [Fact]
    public void A_blob_that_is_deleted_before_an_append_is_created_again()
    {
        Add(s_first);
        LedgerBlob blob = Open();
        LedgerBook book = new();
        blob.Refresh(book);
        Server.Content = null;
        Server.Take();
        Write(blob, book, s_second);
        Server.Text.ShouldBe(Records.Text(s_second));
        Entries(book).ShouldBeEmpty();
        string[] requests = Server.Take();
        requests[0].ShouldBe($"APPEND {Records.Bytes(s_first).Length}");
        requests[^2..].ShouldBe(["CREATE", "APPEND 0"]);
    }

    [Theory]
    [InlineData(201, 0, false)]
    [InlineData(201, 1, true)]
    [InlineData(201, null, true)]
    [InlineData(200, 0, true)]
    [InlineData(412, null, true)]
    public void What_was_stored_is_read_unless_the_response_shows_where(int status, int? shift, bool isRead)
    {
        Add(s_first);
        int position = Server.Content!.Length;
        byte[] block = Records.Bytes(s_second);
        LedgerBlob blob = Open();
        blob.Refresh(new LedgerBook());
        Server.Take();
        string offset = shift is null ? "x-none: 1" : $"x-ms-blob-append-offset: {position + shift}";
        Server.Replacement = request =>
            BlobProxy.IsAppend(request) ? RawReply.Of(status, [], "x-ms-request-id: one", offset) : null;
        Write(blob, null, s_second);
        string[] expected = [$"APPEND {position}", .. isRead ? new[] { $"GET {position}-{position + block.Length - 1}" } : []];
        Server.Take().ShouldBe(expected);
        Server.Replacement = _ => null;
        Write(blob, null, Alive());
        Server.Take().ShouldBe([$"APPEND {position + block.Length}"]);
        Server.Text.ShouldBe(Records.Text(s_first, s_second, Alive()));
    }

    [Fact]
    public void A_block_whose_response_is_lost_is_not_appended_twice()
    {
        Add(s_first);
        LedgerBlob blob = Open();
        blob.Refresh(new LedgerBook());
        bool isLost = false;
        Server.Replacement = request =>
        {
            bool isFirst = BlobProxy.IsAppend(request) && !isLost;
            isLost |= isFirst;
            return isFirst ? new RawReply([], Close: true) : null;
        };
        Write(blob, null, s_second);
        isLost.ShouldBeTrue();
        Server.Text.ShouldBe(Records.Text(s_first, s_second));
    }

    [Fact]
    public void A_line_of_a_run_is_in_effect_for_twenty_seconds()
    {
        LedgerBlob blob = Open();
        blob.IsInEffect(AnotherRun).ShouldBeFalse();
        Write(blob, null, Alive(AnotherRun));
        blob.IsInEffect(AnotherRun).ShouldBeTrue();
        Clock.Advance(TimeSpan.FromSeconds(19));
        blob.IsInEffect(AnotherRun).ShouldBeTrue();
        Clock.Advance(TimeSpan.FromSeconds(1));
        blob.IsInEffect(AnotherRun).ShouldBeFalse();
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(44_999, false)]
    [InlineData(45_000, true)]
    public void Near_the_most_blocks_nothing_new_is_submitted(int? blocks, bool isFull)
    {
        Add(s_first);
        Server.Blocks = blocks;
        LedgerBlob read = Open();
        read.Full.ShouldBeNull();
        read.Refresh(new LedgerBook());
        LedgerBlob opened = Open();
        Write(opened, null);
        foreach (LedgerBlob blob in new[] { read, opened })
        {
            (blob.Full is not null).ShouldBe(isFull);
            Server.Blocks = null;
            blob.Refresh(null);
            (blob.Full is not null).ShouldBe(isFull, "a response without the number changes nothing");
        }

        if (isFull)
        {
            ChuiziException full = read.Full.ShouldNotBeNull();
            full.Kind.ShouldBe(ChuiziErrorKind.LedgerUnavailable);
            full.Message.ShouldBe($"The ledger '{Server.Path}' has 45,000 blocks; an append blob can have 50,000 blocks. Nothing new is "
                + "submitted. To continue when no run uses it, download the blob and upload the file again as an append blob, which makes "
                + "it a few blocks.");
        }
    }

    [Theory]
    [InlineData(44_998, null, false)]
    [InlineData(44_999, null, true)]
    [InlineData(10, 45_000, true)]
    [InlineData(44_999, 10, false)]
    public void An_append_counts_as_a_block(int before, int? after, bool isFull)
    {
        Add(s_first);
        Server.Blocks = before;
        LedgerBlob blob = Open();
        blob.Refresh(new LedgerBook());
        Server.Blocks = after;
        Write(blob, null, s_second);
        (blob.Full is not null).ShouldBe(isFull);
    }
}
