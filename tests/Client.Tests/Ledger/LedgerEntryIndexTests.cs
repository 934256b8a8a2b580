using Chuizi.Video.Client.Ledger;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class LedgerEntryIndexTests
{
    [Fact]
    public void It_finds_what_a_dictionary_finds() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 60], Gen.Bool).Array[0, 400].Sample(steps =>
        {
            LedgerEntryIndex index = new(LedgerTextField.Id, byOrigin: true);
            Dictionary<(string? Origin, string Id), LedgerEntry> expected = [];
            foreach ((int kind, int number, bool isElsewhere) in steps)
            {
                (string? origin, string id) = (isElsewhere ? Records.Elsewhere : Records.Api, $"vid-{number}");
                if (kind == 0 && expected.Remove((origin, id), out LedgerEntry? old))
                {
                    index.Remove(id, old);
                }
                else if (kind > 0)
                {
                    LedgerEntry entry = new() { Entry = "e", Id = id, Origin = origin };
                    index.Set(id, entry);
                    expected[(origin, id)] = entry;
                }
            }

            foreach (int number in Enumerable.Range(0, 61))
            {
                string id = $"vid-{number}";
                index.Find(id, Records.Api).ShouldBe(expected.GetValueOrDefault((Records.Api, id)));
                index.Find(id, Records.Elsewhere).ShouldBe(expected.GetValueOrDefault((Records.Elsewhere, id)));
                index.FindAll(id).ShouldBe(expected.Where(pair => pair.Key.Id == id).Select(pair => pair.Value), ignoreOrder: true);
            }
        });

    [Fact]
    public void Another_submission_with_the_same_text_is_not_removed()
    {
        LedgerEntryIndex index = new(LedgerTextField.Id);
        LedgerEntry first = new() { Entry = "a", Id = "vid-1" };
        LedgerEntry second = new() { Entry = "b", Id = "vid-1" };
        index.Set("vid-1", first);
        index.Set("vid-1", second);
        index.Remove("vid-1", first);
        index.Find("vid-1").ShouldBe(second);
    }

    [Fact]
    public void Texts_with_the_same_hash_are_kept_apart()
    {
        (string text, string alike) = WithTheSameHash();
        LedgerEntryIndex index = new(LedgerTextField.Id);
        LedgerEntry first = new() { Entry = "a", Id = text };
        LedgerEntry second = new() { Entry = "b", Id = alike };
        index.Set(text, first);
        index.Find(alike).ShouldBeNull();
        index.FindAll(alike).ShouldBeEmpty();
        index.Set(alike, second);
        (index.Find(text), index.Find(alike)).ShouldBe((first, second));
        index.FindAll(text).ShouldBe([first]);
        index.FindAll(alike).ShouldBe([second]);
        index.Remove(text, first);
        (index.Find(text), index.Find(alike)).ShouldBe((null, second));
    }

    [Fact]
    public void The_origin_counts_only_if_the_index_distinguishes_origins()
    {
        LedgerEntry here = new() { Entry = "a", Id = "vid-1", Origin = Records.Api };
        LedgerEntry there = new() { Entry = "b", Id = "vid-1", Origin = Records.Elsewhere };
        LedgerEntryIndex each = new(LedgerTextField.Id, byOrigin: true);
        LedgerEntryIndex any = new(LedgerTextField.Id);
        Array.ForEach([here, there], entry => each.Set("vid-1", entry));
        Array.ForEach([here, there], entry => any.Set("vid-1", entry));
        (each.Find("vid-1", Records.Api), each.Find("vid-1", Records.Elsewhere), each.Find("vid-1")).ShouldBe((here, there, null));
        each.FindAll("vid-1").ShouldBe([here, there], ignoreOrder: true);
        (any.Find("vid-1", Records.Api), any.Find("vid-1")).ShouldBe((there, there));
        any.FindAll("vid-1").ShouldBe([there]);
    }

    [Theory]
    [InlineData(StringComparison.Ordinal, false)]
    [InlineData(StringComparison.OrdinalIgnoreCase, true)]
    public void Texts_are_compared_as_the_index_says(StringComparison comparison, bool isFound)
    {
        LedgerEntryIndex index = new(LedgerTextField.Path, comparison: comparison);
        LedgerEntry entry = new() { Entry = "a", Path = "/Videos/A.mp4" };
        index.Set("/Videos/A.mp4", entry);
        index.Find("/Videos/A.mp4").ShouldBeSameAs(entry);
        (index.Find("/videos/a.MP4") is not null).ShouldBe(isFound);
        index.FindAll("/videos/a.MP4").Count.ShouldBe(isFound ? 1 : 0);
    }

    [Fact]
    public void A_cleared_index_has_no_submissions_and_accepts_new_ones()
    {
        LedgerEntryIndex index = new(LedgerTextField.Id);
        LedgerEntry[] entries = [.. Enumerable.Range(0, 100).Select(number => new LedgerEntry { Entry = "e", Id = $"vid-{number}" })];
        Array.ForEach(entries, entry => index.Set(entry.Id!, entry));
        index.Clear();
        entries.ShouldAllBe(entry => index.Find(entry.Id!, null) == null);
        Array.ForEach(entries, entry => index.Set(entry.Id!, entry));
        entries.ShouldAllBe(entry => index.Find(entry.Id!, null) == entry);
    }

    // Hashes of texts differ from process to process. Some hundred thousand texts have two with the same one.
    private static (string Text, string Alike) WithTheSameHash()
    {
        Dictionary<int, string> seen = [];
        for (int number = 0; ; number++)
        {
            string text = $"vid-{number}";
            int hash = string.GetHashCode(text, StringComparison.Ordinal);
            if (!seen.TryAdd(hash, text))
            {
                return (seen[hash], text);
            }
        }
    }
}
