using Chuizi.Video.Client.Ledger;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class LedgerIndexTests
{
    [Fact]
    public void It_finds_what_a_dictionary_finds() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 60], Gen.Bool).Array[0, 400].Sample(steps =>
        {
            LedgerIndex index = new(LedgerText.Id, byOrigin: true);
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
        LedgerIndex index = new(LedgerText.Id);
        LedgerEntry first = new() { Entry = "a", Id = "vid-1" };
        LedgerEntry second = new() { Entry = "b", Id = "vid-1" };
        index.Set("vid-1", first);
        index.Set("vid-1", second);
        index.Remove("vid-1", first);
        index.Find("vid-1").ShouldBe(second);
    }
}
