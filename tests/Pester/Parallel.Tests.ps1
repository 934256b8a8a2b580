BeforeAll {
    . "$PSScriptRoot/Support.ps1"

    # The client's request count for a key, which no cmdlet shows.
    function Get-Budget($Sandbox) {
        $client = [AppDomain]::CurrentDomain.GetAssemblies().Where({ $_.GetName().Name -eq 'Chuizi.Video.Client' })[-1]
        $static = [Reflection.BindingFlags] 'Static, Public, NonPublic'
        $instance = [Reflection.BindingFlags] 'Instance, Public, NonPublic'
        $connection = $client.GetType('Chuizi.Video.Client.Api.ApiConnection').GetMethod('Create', $static).Invoke($null, @($Sandbox.ApiKey, "$($Sandbox.BaseAddress)"))
        $budget = $client.GetType('Chuizi.Video.Client.Budget.RequestBudget')
        $here = $budget.GetMethod('For', $static).Invoke($null, @($connection.GetType().GetProperty('Identity', $instance).GetValue($connection), [TimeProvider]::System, $null))
        [pscustomobject]@{
            Limit          = $budget.GetProperty('Limit').GetValue($here)
            WaitingSubmits = $budget.GetProperty('WaitingSubmits').GetValue($here)
        }
    }

    function Wait-Until([scriptblock] $Condition, [string] $What) {
        $patience = [Diagnostics.Stopwatch]::StartNew()
        while (-not (& $Condition)) {
            if ($patience.Elapsed.TotalMinutes -gt 10) {
                throw "It never came: $What."
            }

            Start-Sleep -Milliseconds 20
        }
    }
}

Describe 'ForEach-Object -Parallel' {
    BeforeAll {
        $sandbox = Start-ChuiziVideoSandbox -GenerationTime 0
    }

    AfterAll {
        Stop-ChuiziVideoSandbox
    }

    It 'accepts live videos of this runspace, saves each to its own file, and updates the same objects' {
        $videos = 'one', 'two', 'three' | New-ChuiziVideo -Duration 4 -Ledger $TestDrive/run.jsonl
        $results = $videos | ForEach-Object -Parallel {
            Import-Module $using:moduleFolder
            Connect-ChuiziVideo ($using:sandbox).ApiKey -BaseUri ($using:sandbox).BaseAddress
            $_ | Wait-ChuiziVideo | Save-ChuiziVideo -Destination "$using:TestDrive/live"
        }
        $results | Should -HaveCount 3
        $results | ForEach-Object { $_.Path | Should -Exist }
        foreach ($video in $videos) {
            $video.Path | Should -Be "$((Get-Item $TestDrive).FullName)/live/$($video.Id).mp4"
        }

        # All three runspaces wrote to the same ledger.
        (Get-ChuiziVideo -Ledger $TestDrive/run.jsonl).Status | Should -Be 'succeeded', 'succeeded', 'succeeded'
        (Get-ChuiziVideo -Ledger $TestDrive/run.jsonl).Path | Sort-Object | Should -Be ($videos.Path | Sort-Object)
    }

    It 'accepts ids' {
        $ids = ('one', 'two' | New-ChuiziVideo -Duration 4).Id
        $results = $ids | ForEach-Object -Parallel {
            Import-Module $using:moduleFolder
            Connect-ChuiziVideo ($using:sandbox).ApiKey -BaseUri ($using:sandbox).BaseAddress
            Wait-ChuiziVideo $_ | Save-ChuiziVideo -Destination "$using:TestDrive/ids"
        }
        $results.Id | Sort-Object | Should -Be ($ids | Sort-Object)
        Get-ChildItem $TestDrive/ids | Should -HaveCount 2
    }

    It 'supports -PipelineVariable inside the script block' {
        $lines = 'a lake', 'a hill' | ForEach-Object -Parallel {
            Import-Module $using:moduleFolder
            Connect-ChuiziVideo ($using:sandbox).ApiKey -BaseUri ($using:sandbox).BaseAddress
            New-ChuiziVideo $_ -Duration 4 |
                Wait-ChuiziVideo -PipelineVariable finished |
                Save-ChuiziVideo -Destination "$using:TestDrive/variable" -PipelineVariable saved |
                ForEach-Object { "$($finished.Prompt): $($saved.Id -eq $finished.Id) $(Test-Path $saved.Path)" }
        }
        $lines | Sort-Object | Should -Be 'a hill: True True', 'a lake: True True'
    }

    It 'reports NotConnected in each runspace' {
        $problems = 1, 2 | ForEach-Object -Parallel {
            Import-Module $using:moduleFolder
            try { New-ChuiziVideo 'a lake' } catch { $_.FullyQualifiedErrorId }
        }
        $problems | Should -Be (@('NotConnected,Chuizi.Video.Module.Commands.NewChuiziVideoCommand') * 2)
    }
}

Describe 'The request limit' {
    BeforeAll {
        $sandbox = Start-ChuiziVideoSandbox -GenerationTime 0 -RequestsPerMinute 100
    }

    AfterAll {
        Stop-ChuiziVideoSandbox
    }

    It 'is shared by all runspaces: one waits after another has used it up' {
        # This runspace sets a limit of four per minute and uses it up: one request to connect and three submissions.
        $null = 1 | ForEach-Object -Parallel {
            Import-Module $using:moduleFolder
            Connect-ChuiziVideo ($using:sandbox).ApiKey -BaseUri ($using:sandbox).BaseAddress -RequestsPerMinute 4
            'one', 'two', 'three' | New-ChuiziVideo -Duration 4 -Ledger "$using:TestDrive/first.jsonl"
        }
        $job = 2 | ForEach-Object -AsJob -Parallel {
            Import-Module $using:moduleFolder
            Connect-ChuiziVideo ($using:sandbox).ApiKey -BaseUri ($using:sandbox).BaseAddress
            'four' | New-ChuiziVideo -Duration 4 -Ledger "$using:TestDrive/second.jsonl"
        }
        Wait-Until { (Get-Budget $sandbox).WaitingSubmits -eq 1 -or $job.State -ne 'Running' } 'the submission that has to wait'
        $job.State | Should -Be 'Running'
        (Get-Budget $sandbox).Limit | Should -Be 4
        $job | Stop-Job
        $job | Remove-Job

        # The fourth submission was never sent: only three videos of 0.12 USD are billed.
        (Get-ChuiziVideoAccount).Balance | Should -Be (10000 - 3 * 0.12)
        (Get-ChuiziVideo -Ledger $TestDrive/first.jsonl).Status | Should -Be 'processing', 'processing', 'processing'
    }
}

Describe 'A job that is stopped while it waits' {
    BeforeAll {
        $sandbox = Start-ChuiziVideoSandbox -GenerationTime 3600
        $work = {
            param($module, $sandbox, $ledger)
            Import-Module $module
            Connect-ChuiziVideo $sandbox.ApiKey -BaseUri $sandbox.BaseAddress
            # The first -Verbose line shows that the wait has begun.
            New-ChuiziVideo 'a lake' -Duration 4 -Ledger $ledger | Wait-ChuiziVideo -PollInterval 0.05 -Verbose
        }
    }

    AfterAll {
        Stop-ChuiziVideoSandbox
    }

    It 'leaves the video in progress and recorded in the ledger: <_>' -ForEach 'Start-Job', 'Start-ThreadJob' {
        $ledger = "$TestDrive/$_.jsonl"
        $job = & $_ $work -ArgumentList $moduleFolder, $sandbox, $ledger
        # The work is done by a child job, if there is one.
        $worker = $job.ChildJobs.Count ? $job.ChildJobs[0] : $job
        Wait-Until { $worker.Verbose.Count -gt 0 -or $job.State -notin 'Running', 'NotStarted' } 'the first poll'
        $job.State | Should -Be 'Running'
        $job | Stop-Job
        $job.State | Should -Be 'Stopped'
        $job | Remove-Job

        $listed = Get-ChuiziVideo -Ledger $ledger
        $listed | Should -HaveCount 1
        $listed.Status | Should -Be 'processing'
        ($listed | Get-ChuiziVideo).Status | Should -Be 'processing'

        # The next run resumes it, and sends nothing.
        $before = (Get-ChuiziVideoAccount).Balance
        (New-ChuiziVideo 'a lake' -Duration 4 -Ledger $ledger).Id | Should -Be $listed.Id
        (Get-ChuiziVideoAccount).Balance | Should -Be $before
    }
}
