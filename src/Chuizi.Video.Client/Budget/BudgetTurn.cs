namespace Chuizi.Video.Client.Budget;

/// <summary>A place in a queue for tickets. What waits for it runs on by itself, not under the budget's lock.</summary>
internal sealed class BudgetTurn : TaskCompletionSource<RequestTicket>
{
    private CancellationTokenRegistration _cancellation;

    public BudgetTurn()
        : base(TaskCreationOptions.RunContinuationsAsynchronously) => Place = new LinkedListNode<BudgetTurn>(this);

    public LinkedListNode<BudgetTurn> Place { get; }

    /// <summary>Its turn has come.</summary>
    public void Come(RequestTicket ticket)
    {
        SetResult(ticket);
        _cancellation.Unregister();
    }

    /// <summary>Lets go of the cancellation when its turn comes, or has come.</summary>
    public void Watch(CancellationTokenRegistration cancellation)
    {
        _cancellation = cancellation;
        if (Task.IsCompleted)
        {
            cancellation.Unregister();
        }
    }
}
