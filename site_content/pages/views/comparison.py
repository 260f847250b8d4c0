from django.http import Http404


def editions(request, *args, **kwargs):
    raise Http404


def changes(request, *args, **kwargs):
    raise Http404


